using Microsoft.Extensions.Logging;

namespace ClaudeDrive.Fuzz;

/// <summary>Keeps the first error that the server logs: no request of a stranger may cause one.</summary>
internal sealed class ErrorWatch : ILoggerProvider, ILogger
{
    private string? _error;

    /// <summary>The first error since the last call; null when there was none.</summary>
    public string? Take() => Interlocked.Exchange(ref _error, null);

    public ILogger CreateLogger(string categoryName) => this;

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Error;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        if (IsEnabled(logLevel))
        {
            Interlocked.CompareExchange(ref _error, $"{eventId.Id} {formatter(state, exception)} {exception}", null);
        }
    }

    public void Dispose()
    {
    }
}
