using System.IO.Pipelines;
using System.Net;
using System.Threading.Channels;
using Microsoft.AspNetCore.Connections;

namespace ClaudeDrive.Fuzz;

/// <summary>Connections to Kestrel without sockets: its own HTTP parser reads the very bytes, in this process.</summary>
internal sealed class MemoryTransport : IConnectionListenerFactory, IConnectionListener
{
    private readonly Channel<ConnectionContext> _arriving = Channel.CreateUnbounded<ConnectionContext>();

    public EndPoint EndPoint { get; } = new IPEndPoint(IPAddress.Loopback, 4100);

    public ValueTask<IConnectionListener> BindAsync(EndPoint endpoint, CancellationToken cancellationToken = default) => ValueTask.FromResult<IConnectionListener>(this);

    public async ValueTask<ConnectionContext?> AcceptAsync(CancellationToken cancellationToken = default) =>
        await _arriving.Reader.WaitToReadAsync(cancellationToken) && _arriving.Reader.TryRead(out var connection) ? connection : null;

    public ValueTask UnbindAsync(CancellationToken cancellationToken = default)
    {
        _arriving.Writer.TryComplete();
        return ValueTask.CompletedTask;
    }

    public ValueTask DisposeAsync() => UnbindAsync();

    /// <summary>Sends <paramref name="bytes"/> on a new connection, ends when the server wants more, and returns everything that comes back.</summary>
    public async Task<byte[]> ExchangeAsync(byte[] bytes)
    {
        var options = new PipeOptions(useSynchronizationContext: false, pauseWriterThreshold: 0);
        Pipe there = new(options), back = new(options);
        var connection = new Connection(new DuplexPipe(new EndWhenStarved(there), back.Writer), new DuplexPipe(back.Reader, there.Writer))
        {
            LocalEndPoint = EndPoint,
            RemoteEndPoint = new IPEndPoint(IPAddress.Parse("203.0.113.9"), 50000),
        };
        await there.Writer.WriteAsync(bytes, CancellationToken.None);
        _arriving.Writer.TryWrite(connection);
        using var answer = new MemoryStream();
        await back.Reader.CopyToAsync(answer, CancellationToken.None);
        await back.Reader.CompleteAsync();
        return answer.ToArray();
    }

    /// <summary>Kestrel disposes it when it is done with it, and leaves ending what it wrote to that.</summary>
    private sealed class Connection(IDuplexPipe transport, IDuplexPipe application) : DefaultConnectionContext("fuzz", transport, application)
    {
#pragma warning disable CA2215 // The base would dispose what an abort that is on its way still cancels.
        public override async ValueTask DisposeAsync()
        {
            await Transport.Input.CompleteAsync();
            await Transport.Output.CompleteAsync();
        }
#pragma warning restore CA2215
    }

    private sealed record DuplexPipe(PipeReader Input, PipeWriter Output) : IDuplexPipe;
}
