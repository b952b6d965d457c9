using System.CommandLine;
using ClaudeDrive.Cli.Api;
using ClaudeDrive.Cli.Output;

namespace ClaudeDrive.Cli.Running;

/// <summary>One verb being run: its parsed options, its screens and its connection.</summary>
internal sealed class CliRun(CliContext context, ParseResult parsed, CancellationToken cancellationToken) : IDisposable
{
    private ApiClient? _client;

    public CliContext Context => context;

    public ParseResult Parsed => parsed;

    public CancellationToken Stop => cancellationToken;

    public Screen Out => context.Out;

    public Screen Err => context.Err;

    public DateTimeOffset Now => context.Now;

    public ApiClient Api => _client ??= new ApiClient(context.Address(parsed), context.Host.Time);

    public T? Get<T>(Option<T> option) => parsed.GetValue(option);

    public T Get<T>(Argument<T> argument) => parsed.GetRequiredValue(argument);

    public bool Has(Option option) => parsed.GetResult(option) is { Implicit: false };

    public void Dispose() => _client?.Dispose();
}
