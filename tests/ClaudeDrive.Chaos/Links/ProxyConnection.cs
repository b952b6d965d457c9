using System.Net;
using System.Net.Sockets;

namespace ClaudeDrive.Chaos.Links;

/// <summary>One connection through a <see cref="FaultProxy"/>: two pumps, one each way, that ask the link before each piece.</summary>
internal sealed class ProxyConnection(Socket caller, LinkState state) : IDisposable
{
    private const int PieceBytes = 32 * 1024;

    private readonly Socket _target = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
    private int _lost;

    /// <summary>True when an answer was swallowed: what follows would make no sense to the caller.</summary>
    public bool HasLost => Volatile.Read(ref _lost) != 0;

    /// <summary>Carries bytes until either side ends. Never throws: a side that breaks breaks the other.</summary>
    public async Task RunAsync(IPEndPoint target, CancellationToken cancellationToken)
    {
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        try
        {
            if (state.Mode == LinkMode.Cut)
            {
                return;
            }

            caller.NoDelay = _target.NoDelay = true;
            await state.PassAsync(ending.Token);
            await _target.ConnectAsync(target, ending.Token);
            var there = PumpAsync(caller, _target, mayLose: false, ending.Token);
            var back = PumpAsync(_target, caller, mayLose: true, ending.Token);
            if (await (await Task.WhenAny(there, back)) == PumpEnd.Broken)
            {
                await ending.CancelAsync();
            }

            await Task.WhenAll(there, back);
        }
        catch (Exception broken) when (broken is SocketException or ObjectDisposedException or OperationCanceledException)
        {
            // The target is not there, or the proxy ends: the caller sees its connection reset.
        }
    }

    /// <summary>Sends a reset to both sides instead of a proper end. Safe to call at any time and twice.</summary>
    public void Reset()
    {
        foreach (var socket in (Socket[])[caller, _target])
        {
            try
            {
                socket.LingerState = new LingerOption(true, 0);
            }
            catch (Exception closed) when (closed is SocketException or ObjectDisposedException)
            {
                // It ended before us.
            }

            socket.Dispose();
        }
    }

    /// <inheritdoc />
    public void Dispose() => Reset();

    private async Task<PumpEnd> PumpAsync(Socket from, Socket to, bool mayLose, CancellationToken cancellationToken)
    {
        var piece = new byte[PieceBytes];
        try
        {
            while (await from.ReceiveAsync(piece, cancellationToken) is var length and > 0)
            {
                await state.PassAsync(cancellationToken);
                if (mayLose && state.Mode == LinkMode.LoseAnswers)
                {
                    Interlocked.Exchange(ref _lost, 1);
                    continue;
                }

                for (var sent = 0; sent < length;)
                {
                    sent += await to.SendAsync(piece.AsMemory(sent, length - sent), cancellationToken);
                }
            }

            await state.PassAsync(cancellationToken);
            if (mayLose && state.Mode == LinkMode.LoseAnswers)
            {
                Interlocked.Exchange(ref _lost, 1); // That the target has ended is an answer too.
                return PumpEnd.Finished;
            }

            to.Shutdown(SocketShutdown.Send);
            return PumpEnd.Finished;
        }
        catch (Exception broken) when (broken is SocketException or ObjectDisposedException or OperationCanceledException)
        {
            return PumpEnd.Broken;
        }
    }

    private enum PumpEnd
    {
        /// <summary>This side sent everything it had; the other may go on.</summary>
        Finished,

        /// <summary>A reset, or our own end.</summary>
        Broken,
    }
}
