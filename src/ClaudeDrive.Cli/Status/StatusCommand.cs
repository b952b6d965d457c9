using System.CommandLine;
using System.Net;
using ClaudeDrive.Cli.Api;
using ClaudeDrive.Cli.Output;
using ClaudeDrive.Cli.Running;

namespace ClaudeDrive.Cli.Status;

/// <summary><c>status</c>: is it well, who am I, which processes share the store, and how much of everything there is. Exit 1 when it is not ready.</summary>
internal static class StatusCommand
{
    public static Command Create(CliContext context)
    {
        var json = Verb.JsonOption();
        var window = new Option<string?>("--window")
        {
            Description = "How far back the numbers reach, such as 15m, 1h, 2d (default: the server's)",
            HelpName = "AGE",
        };
        return new Command("status", "Show the server's health, who you are, its nodes and its numbers") { window, json }.Runs(
            context,
            run => ShowAsync(run, StatusWindow.Seconds(run.Get(window)), run.Get(json)));
    }

    private static async Task<int> ShowAsync(CliRun run, string? seconds, bool json)
    {
        var ready = await run.Api.GetAsync("healthz/ready", HttpStatusCode.ServiceUnavailable, run.Stop);
        var isReady = ready.Status != HttpStatusCode.ServiceUnavailable;
        if (!json)
        {
            StatusView.WriteHealth(run, ready.Root, isReady);
        }

        var me = await run.Api.GetAsync(ApiPath.Of("me"), run.Stop);
        var stats = await run.Api.GetAsync(
            ApiPath.WithQuery(ApiPath.Of("stats"), seconds is null ? [] : [new("window", seconds)]), run.Stop);
        var nodes = await run.Api.GetAsync(ApiPath.Of("nodes"), run.Stop);
        if (json)
        {
            run.Out.Json($"{{\"ready\":{ready.Text},\"me\":{me.Text},\"nodes\":{nodes.Text},\"stats\":{stats.Text}}}");
        }
        else
        {
            StatusView.WriteMe(run, me.Root);
            NodesView.Write(run, nodes.Root, run.Now);
            StatusView.WriteStats(run, stats.Root);
        }

        return isReady ? ExitCode.Done : ExitCode.Failed;
    }
}
