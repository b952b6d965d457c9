using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace ClaudeDrive.Server.Tests.Running;

/// <summary>Keeps every line that the server logs, at every level, with exceptions.</summary>
internal sealed class LogCatcher : ILoggerProvider
{
    private readonly ConcurrentQueue<string> _lines = new();

    /// <summary>The administrator's key, when one was announced.</summary>
    public string? Announced { get; set; }

    public string Text => string.Join('\n', _lines);

    /// <summary>Forgets what was logged.</summary>
    public void Clear() => _lines.Clear();

    public ILogger CreateLogger(string categoryName) => new Catching(categoryName, _lines);

    public void Dispose()
    {
    }

    private sealed class Catching(string category, ConcurrentQueue<string> lines) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            lines.Enqueue($"{logLevel} {category} {formatter(state, exception)} {exception}");
    }
}
