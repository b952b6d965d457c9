using System.CommandLine;
using System.Text.Json;
using ClaudeDrive.LoadGenerator.Events;
using ClaudeDrive.LoadGenerator.Running;

namespace ClaudeDrive.LoadGenerator;

/// <summary>The command line. Prints one JSON line on standard output; tells on standard error when the measured window begins and ends.</summary>
internal static class LoadCommand
{
    /// <summary>Longest run, warm-up included: signatures are made before it and receivers take them for 300 s.</summary>
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(240);

    /// <summary>Requests per second that a closed loop is supplied for: more than an empty server answers on two cores (performance notes: 86,000).</summary>
    private const int MostPerSecond = 150_000;

    private static readonly Option<string> Target = new("--target") { Description = "http://ADDRESS:PORT/PATH of the receiver", Required = true };
    private static readonly Option<string> Secret = new("--secret") { Description = "Signing secret, whsec_…", Required = true };
    private static readonly Option<int> Connections = new("--connections") { Description = "Keep-alive connections", DefaultValueFactory = static _ => 64 };
    private static readonly Option<int> Rate = new("--rate") { Description = "Requests per second; 0: as many as the receiver answers" };
    private static readonly Option<double> WarmUp = new("--warm-up") { Description = "Seconds before measuring", DefaultValueFactory = static _ => 3 };
    private static readonly Option<double> Seconds = new("--seconds") { Description = "Seconds measured", DefaultValueFactory = static _ => 5 };
    private static readonly Option<EventIdOrder> Ids = new("--ids") { Description = "Event ids: ordered by time, or random" };
    private static readonly Option<int> Sessions = new("--sessions") { Description = "Sessions the events are about", DefaultValueFactory = static _ => 10_000 };
    private static readonly Option<int> Burst = new("--burst") { Description = "Events in a row about one session", DefaultValueFactory = static _ => 1 };
    private static readonly Option<int> Requests = new("--requests") { Description = "Events to sign at most; 0: enough for the time" };
    private static readonly Option<int> Seed = new("--seed") { Description = "Fixes every drawn choice", DefaultValueFactory = static _ => 1 };

    public static RootCommand Create()
    {
        AtLeast(Connections, 1, 4096);
        AtLeast(Rate, 0, 1_000_000);
        AtLeast(Sessions, 1, 999_999_999);
        AtLeast(Burst, 1, 1_000_000);
        AtLeast(Requests, 0, 50_000_000);
        var root = new RootCommand("Sends signed events to a receiver, measures the answers, and prints one JSON line.")
        {
            Target, Secret, Connections, Rate, WarmUp, Seconds, Ids, Sessions, Burst, Requests, Seed,
        };
        root.Validators.Add(static result =>
        {
            if (!Uri.TryCreate(result.GetValue(Target), UriKind.Absolute, out var uri) || uri.Scheme != Uri.UriSchemeHttp
                || uri.HostNameType is not (UriHostNameType.IPv4 or UriHostNameType.IPv6))
            {
                result.AddError("--target is http://ADDRESS:PORT/PATH with an IP address.");
            }

            var (warmUp, seconds) = (result.GetValue(WarmUp), result.GetValue(Seconds));
            if (warmUp < 0 || seconds <= 0 || warmUp + seconds > Longest.TotalSeconds)
            {
                result.AddError($"--warm-up and --seconds are together above 0 and at most {Longest.TotalSeconds:F0}.");
            }
        });
        root.SetAction(Run);
        return root;
    }

    private static void AtLeast(Option<int> option, int least, int most) => option.Validators.Add(result =>
    {
        if (result.GetValue(option) < least || result.GetValue(option) > most)
        {
            result.AddError($"{option.Name} is {least} to {most}.");
        }
    });

    private static int Run(ParseResult parsed)
    {
        var (rate, warmUp, seconds) = (parsed.GetValue(Rate), parsed.GetValue(WarmUp), parsed.GetValue(Seconds));
        var enough = (int)Math.Min(50_000_000, Math.Ceiling((warmUp + seconds) * (rate == 0 ? MostPerSecond : rate)) + 1);
        var plan = new LoadPlan
        {
            Target = new Uri(parsed.GetRequiredValue(Target)),
            Secret = parsed.GetRequiredValue(Secret),
            Connections = parsed.GetValue(Connections),
            Rate = rate,
            WarmUp = TimeSpan.FromSeconds(warmUp),
            Duration = TimeSpan.FromSeconds(seconds),
            Ids = parsed.GetValue(Ids),
            Sessions = parsed.GetValue(Sessions),
            Burst = parsed.GetValue(Burst),
            Requests = parsed.GetValue(Requests) is > 0 and var requests ? requests : enough,
            Seed = parsed.GetValue(Seed),
        };
        var events = SignedEvents.Make(plan, TimeProvider.System.GetUtcNow());
        using var run = new LoadRun(plan, events);
        var report = run.Run();
        Console.Out.WriteLine(JsonSerializer.Serialize(report, LoadReportJson.Default.LoadReport));
        return report.Accepted > 0 ? 0 : 1;
    }
}
