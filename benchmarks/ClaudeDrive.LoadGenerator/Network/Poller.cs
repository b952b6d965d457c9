using System.Buffers.Binary;
using System.ComponentModel;
using System.Diagnostics;
using System.Runtime.InteropServices;

namespace ClaudeDrive.LoadGenerator.Network;

/// <summary>Waits for readable sockets and for one timer. Each thing waited for has a number; the timer has -1. Of one thread.</summary>
internal sealed unsafe class Poller : IDisposable
{
    /// <summary>The number of the timer.</summary>
    public const int Timer = -1;

    // struct epoll_event is packed on x86-64 only.
    private static readonly int DataOffset = RuntimeInformation.ProcessArchitecture == Architecture.X64 ? 4 : 8;
    private static readonly int Stride = DataOffset + 8;

    private readonly int _epoll;
    private readonly int _timer;
    private readonly byte[] _events;

    /// <summary>For at most <paramref name="capacity"/> sockets.</summary>
    public Poller(int capacity)
    {
        if (!OperatingSystem.IsLinux())
        {
            throw new PlatformNotSupportedException("The load generator waits with epoll: Linux only.");
        }

        _events = GC.AllocateArray<byte>((capacity + 1) * Stride, pinned: true);
        _epoll = Checked(Libc.EpollCreate(0));
        _timer = Checked(Libc.TimerCreate(Libc.MonotonicClock, Libc.NonBlocking));
        Add(_timer, Timer);
    }

    /// <summary>Waits for a descriptor from now on.</summary>
    public void Add(int descriptor, int number)
    {
        var item = stackalloc byte[16];
        BinaryPrimitives.WriteInt32LittleEndian(new Span<byte>(item, 4), Libc.EpollIn);
        BinaryPrimitives.WriteInt64LittleEndian(new Span<byte>(item + DataOffset, 8), number);
        Checked(Libc.EpollControl(_epoll, Libc.EpollAdd, descriptor, item));
    }

    /// <summary>Rings the timer at an instant of <see cref="Stopwatch.GetTimestamp"/>, whose clock is the monotonic one; at once when it is past.</summary>
    public void RingAt(long timestamp)
    {
        var nanoseconds = (long)(timestamp * (1e9 / Stopwatch.Frequency));
        var value = stackalloc long[4] { 0, 0, nanoseconds / 1_000_000_000, nanoseconds % 1_000_000_000 };
        Checked(Libc.TimerSet(_timer, Libc.AbsoluteTime, value, null));
    }

    /// <summary>Waits until something is ready or the time is over; how many are.</summary>
    public int Wait(int timeoutMilliseconds)
    {
        fixed (byte* events = _events)
        {
            var count = Libc.EpollWait(_epoll, events, _events.Length / Stride, timeoutMilliseconds);
            return count < 0 && Marshal.GetLastPInvokeError() == Libc.Interrupted ? 0 : Checked(count);
        }
    }

    /// <summary>The number of the ready thing at <paramref name="index"/>; a timer that rang is quiet afterwards.</summary>
    public int Ready(int index)
    {
        var number = (int)BinaryPrimitives.ReadInt64LittleEndian(_events.AsSpan((index * Stride) + DataOffset, 8));
        if (number == Timer)
        {
            var expirations = stackalloc byte[8];
            _ = Libc.Read(_timer, expirations, 8); // Nothing to read: it was set anew meanwhile.
        }

        return number;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _ = Libc.Close(_timer);
        _ = Libc.Close(_epoll);
    }

    private static int Checked(int result) => result >= 0 ? result : throw new Win32Exception(Marshal.GetLastPInvokeError());
}
