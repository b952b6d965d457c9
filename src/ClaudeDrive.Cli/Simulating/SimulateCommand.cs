using System.CommandLine;
using ClaudeDrive.Cli.Running;
using ClaudeDrive.Simulator;

namespace ClaudeDrive.Cli.Simulating;

/// <summary><c>simulate</c>: a fake Claude API and a sender of signed webhooks, from one seed.</summary>
internal static class SimulateCommand
{
    private static readonly string[] Scenarios =
    [
        "finishes", "needs_answer", "needs_permission", "parallel_blockers", "budget", "gives_up", "refuses",
        "deleted_before_archived", "multi_agent", "long",
    ];

    public static Command Create(CliContext context)
    {
        var urls = Checked.ListenUrls("http://127.0.0.1:4010");
        var target = new Option<string?>("--target")
        {
            Description = "Where signed deliveries go (default http://127.0.0.1:4100/webhooks/claude)",
            HelpName = "URL",
        };
        Checked.SendUrl(target);
        var secret = new Option<string?>("--secret") { Description = "Signing secret (or ANTHROPIC_WEBHOOK_SIGNING_KEY)", HelpName = "WHSEC" };
        var scenario = new Option<string?>("--scenario")
        {
            Description = "One scenario (" + string.Join(", ", Scenarios) + ") or a file; a mix of all when left out",
            HelpName = "NAME|FILE",
        };
        scenario.Validators.Add(result =>
        {
            if (result.Tokens.Count > 0 && !Scenarios.Contains(result.Tokens[0].Value, StringComparer.Ordinal) && !File.Exists(result.Tokens[0].Value))
            {
                result.AddError($"--scenario '{result.Tokens[0].Value}' is no file and none of {string.Join(", ", Scenarios)}.");
            }
        });
        var seed = Checked.Number("--seed", "The same seed gives the same story", 1, 0, int.MaxValue);
        var count = Checked.Number<int>("--count", "How often the scenario is started (default 1)", initial: null, 1, 1_000_000);
        var rate = Checked.Number("--rate", "Sessions started each second", 1.0, 0.01, 10_000, "R");
        return new Command("simulate", "Run the simulator alone: a fake Claude API and a sender of signed webhooks")
        {
            urls, target, secret, scenario, seed, count, rate,
        }.Runs(context, run => RunAsync(
            run,
            new SimulateSettings
            {
                Urls = Checked.SplitUrls(run.Get(urls)!),
                Target = new Uri(run.Get(target) ?? "http://127.0.0.1:4100/webhooks/claude"),
                Secret = run.Get(secret) ?? context.Host.Variable("ANTHROPIC_WEBHOOK_SIGNING_KEY")?.Split(' ', StringSplitOptions.RemoveEmptyEntries).FirstOrDefault(),
                Scenario = run.Get(scenario) is { } name && !Scenarios.Contains(name, StringComparer.Ordinal) ? Path.GetFullPath(name) : run.Get(scenario),
                Seed = run.Get(seed),
                Count = run.Has(count) ? run.Get(count) : null,
                Rate = run.Get(rate),
            }));
    }

    private static async Task<int> RunAsync(CliRun run, SimulateSettings settings)
    {
        try
        {
            await using var host = await SimulatorHost.StartAsync(
                new SimulatorOptions
                {
                    Urls = string.Join(';', settings.Urls),
                    Target = settings.Target,
                    Secret = settings.Secret,
                    Scenario = settings.Scenario ?? "mixed",
                    Seed = settings.Seed,
                    Count = settings.Count,
                    Rate = settings.Rate,
                    Progress = new SimulatePrinter(run.Out),
                },
                run.Stop);
            run.Err.Line($"The fake Claude API is at {host.BaseUrl}; deliveries go to {settings.Target}. Ctrl+C ends it.");
            if (settings.Secret is null)
            {
                run.Err.Line("Signing secret, made from the seed: start the server with ANTHROPIC_WEBHOOK_SIGNING_KEY=" + host.Secret);
            }

            await Task.Delay(Timeout.InfiniteTimeSpan, run.Context.Host.Time, run.Stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            return ExitCode.Done;
        }
        catch (ArgumentException wrong)
        {
            throw CliException.Usage(wrong.Message);
        }
        catch (IOException taken)
        {
            throw new CliException(taken.Message) { NextStep = "give another address with --urls" };
        }
    }
}
