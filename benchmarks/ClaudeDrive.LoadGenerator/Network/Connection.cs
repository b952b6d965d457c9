using System.ComponentModel;
using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace ClaudeDrive.LoadGenerator.Network;

/// <summary>One keep-alive connection with at most one request under way. Of one thread.</summary>
internal sealed unsafe class Connection : IDisposable
{
    /// <summary>Longest answer: receivers answer a few hundred bytes.</summary>
    private const int MaxAnswer = 16 * 1024;

    private readonly Socket _socket;
    private readonly int _descriptor;
    private readonly byte[] _received = GC.AllocateUninitializedArray<byte>(MaxAnswer, pinned: true);
    private int _length;

    /// <summary>Connects, waiting.</summary>
    public Connection(Uri target, byte[] request)
    {
        Request = request;
        var address = IPAddress.Parse(target.Host.Trim('[', ']'));
        _socket = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        _socket.Connect(new IPEndPoint(address, target.Port));
        _descriptor = (int)_socket.SafeHandle.DangerousGetHandle();
    }

    /// <summary>The number that a poller knows the socket by.</summary>
    public int Descriptor => _descriptor;

    /// <summary>The bytes of the next request.</summary>
    public byte[] Request { get; }

    /// <summary>The instant that the latency of the request under way counts from.</summary>
    public long Since { get; private set; }

    /// <summary>Sends <see cref="Request"/>. False when the peer has closed.</summary>
    public bool TrySend(long since)
    {
        Since = since;
        fixed (byte* bytes = Request)
        {
            var sent = Libc.Send(_descriptor, bytes, Request.Length, Libc.DontWait | Libc.NoSignal);
            if (sent == Request.Length)
            {
                return true;
            }

            // A request is smaller than any send buffer, and the one before was answered: a part is never left over.
            return sent < 0 ? false : throw new Win32Exception($"Only {sent} bytes of a request of {Request.Length} were taken.");
        }
    }

    /// <summary>Takes what arrived: the status once the answer is complete, 0 until then, -1 when the peer has closed.</summary>
    public int Receive()
    {
        fixed (byte* bytes = _received)
        {
            var count = Libc.Receive(_descriptor, bytes + _length, MaxAnswer - _length, Libc.DontWait);
            if (count <= 0)
            {
                return count < 0 && Marshal.GetLastPInvokeError() is Libc.TryAgain or Libc.Interrupted ? 0 : -1;
            }

            _length += (int)count;
        }

        var (status, length) = HttpAnswer.Read(_received.AsSpan(0, _length));
        if (length == 0)
        {
            return _length == MaxAnswer ? throw new InvalidDataException("An answer that does not end.") : 0;
        }

        if (length != _length)
        {
            throw new InvalidDataException("Bytes after the answer.");
        }

        _length = 0;
        return status;
    }

    /// <inheritdoc/>
    public void Dispose() => _socket.Dispose();
}
