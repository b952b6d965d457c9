using ClaudeDrive.Peers;

// ClaudeDrive.Peers KIND URL [SECRET [FILE]]: empty, verify, log, or claude-api. See the README of the folder benchmarks.
if (args.Length < 2)
{
    Console.Error.WriteLine("usage: ClaudeDrive.Peers empty|verify|log|claude-api URL [SECRET|DELAY_MS [FILE]]");
    return 2;
}

var builder = WebApplication.CreateSlimBuilder();
builder.Logging.ClearProviders();
builder.WebHost.UseUrls(args[1]).ConfigureKestrel(static server => server.AddServerHeader = false);
await using var app = builder.Build();
await using var log = args[0] == "log" ? new GroupCommitLog(args[3]) : null;
switch (args[0])
{
    case "empty":
        Receivers.MapEmpty(app);
        break;
    case "verify":
        Receivers.MapVerify(app, new SignatureCheck(args[2]));
        break;
    case "log":
        Receivers.MapLog(app, new SignatureCheck(args[2]), log!);
        break;
    case "claude-api":
        new FakeClaudeApi(TimeSpan.FromMilliseconds(double.Parse(args[2], System.Globalization.CultureInfo.InvariantCulture)), TimeProvider.System).Map(app);
        break;
    default:
        Console.Error.WriteLine($"'{args[0]}' is none of empty, verify, log, claude-api.");
        return 2;
}

await app.RunAsync();
return 0;
