using System.Net;
using System.Net.Sockets;

namespace ClaudeDrive.Chaos.Nodes;

/// <summary>
/// Loopback ports for programs that are started, killed and started again. They lie below 32768, where Linux begins to hand out ports for outgoing
/// connections: a server that is down for a moment finds its port free when it comes back.
/// </summary>
internal static class Ports
{
    private const int First = 20_000;

    private const int Count = 12_000;

    // Programs on one machine begin at different places; within a process no port is given twice.
    private static int _next = Environment.ProcessId * 37;

    /// <summary>A port that nobody listens on now. Throws <see cref="InvalidOperationException"/> when there is none.</summary>
    public static int Free()
    {
        for (var tries = 0; tries < Count; tries++)
        {
            var port = First + (int)((uint)Interlocked.Increment(ref _next) % Count);
            if (IsFree(port))
            {
                return port;
            }
        }

        throw new InvalidOperationException("no loopback port is free");
    }

    private static bool IsFree(int port)
    {
        using var listener = new TcpListener(IPAddress.Loopback, port);
        try
        {
            listener.Start();
            return true;
        }
        catch (SocketException taken) when (taken.SocketErrorCode is SocketError.AddressAlreadyInUse or SocketError.AccessDenied)
        {
            return false;
        }
    }
}
