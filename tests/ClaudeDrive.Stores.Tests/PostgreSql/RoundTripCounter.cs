using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;

namespace ClaudeDrive.Stores.Tests.PostgreSql;

/// <summary>
/// A TCP proxy before the test server that counts round trips: the messages after which a client of PostgreSQL waits for an answer (Sync and simple
/// Query of the frontend protocol, version 3). What it counts is what a network between program and database would cost.
/// </summary>
internal sealed class RoundTripCounter : IAsyncDisposable
{
    private const byte Sync = (byte)'S';
    private const byte Query = (byte)'Q';
    private const byte Parse = (byte)'P';
    private const int Header = 5;

    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _ending = new();
    private readonly int _target;
    private readonly Task _accepting;
    private long _trips;
    private long _parses;

    private RoundTripCounter(int target)
    {
        _target = target;
        _listener.Start();
        _accepting = AcceptAsync();
    }

    /// <summary>The port to use instead of the server's.</summary>
    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    /// <summary>Round trips so far.</summary>
    public long Trips => Interlocked.Read(ref _trips);

    /// <summary>Statements that were sent to be parsed so far: none once they are prepared.</summary>
    public long Parses => Interlocked.Read(ref _parses);

    public static RoundTripCounter Start(int target) => new(target);

    public async ValueTask DisposeAsync()
    {
        await _ending.CancelAsync();
        await _accepting;
        _listener.Dispose();
        _ending.Dispose();
    }

    private async Task AcceptAsync()
    {
        List<Task> carried = [];
        try
        {
            while (true)
            {
                carried.Add(CarryAsync(await _listener.AcceptTcpClientAsync(_ending.Token)));
            }
        }
        catch (OperationCanceledException)
        {
            await Task.WhenAll(carried);
        }
    }

    private async Task CarryAsync(TcpClient client)
    {
        using var server = new TcpClient();
        using (client)
        {
            client.NoDelay = server.NoDelay = true;
            await server.ConnectAsync(IPAddress.Loopback, _target, _ending.Token);
            try
            {
                await Task.WhenAny(ForwardAsync(client.GetStream(), server.GetStream()), server.GetStream().CopyToAsync(client.GetStream(), _ending.Token));
            }
            catch (Exception e) when (e is IOException or OperationCanceledException)
            {
                // One side ended: so does the other.
            }
        }
    }

    /// <summary>Reads whole messages of the client, counts, and passes them on. The first has no type.</summary>
    private async Task ForwardAsync(NetworkStream from, NetworkStream to)
    {
        var message = new byte[64 * 1024];
        for (var hasType = false; ; hasType = true)
        {
            var type = hasType ? 1 : 0;
            await from.ReadExactlyAsync(message.AsMemory(0, type + Header - 1), _ending.Token);
            var length = type + BinaryPrimitives.ReadInt32BigEndian(message.AsSpan(type));
            if (length > message.Length)
            {
                Array.Resize(ref message, length);
            }

            await from.ReadExactlyAsync(message.AsMemory(type + Header - 1, length - type - Header + 1), _ending.Token);
            if (hasType)
            {
                Interlocked.Add(ref _trips, message[0] is Sync or Query ? 1 : 0);
                Interlocked.Add(ref _parses, message[0] == Parse ? 1 : 0);
            }

            await to.WriteAsync(message.AsMemory(0, length), _ending.Token);
        }
    }
}
