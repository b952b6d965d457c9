using System.Runtime.InteropServices;

namespace ClaudeDrive.LoadGenerator.Network;

/// <summary>
/// The few system calls of the loop, without the runtime's socket engine between: that hands every answer to another thread, which on two cores costs
/// more than the call. Linux only.
/// </summary>
internal static unsafe partial class Libc
{
    public const int EpollIn = 1;
    public const int EpollAdd = 1;
    public const int TryAgain = 11;
    public const int Interrupted = 4;
    public const int DontWait = 0x40;
    public const int NoSignal = 0x4000;
    public const int MonotonicClock = 1;
    public const int NonBlocking = 0x800;
    public const int AbsoluteTime = 1;

    [LibraryImport("libc", EntryPoint = "epoll_create1", SetLastError = true)]
    public static partial int EpollCreate(int flags);

    [LibraryImport("libc", EntryPoint = "epoll_ctl", SetLastError = true)]
    public static partial int EpollControl(int epoll, int operation, int descriptor, byte* eventBytes);

    [LibraryImport("libc", EntryPoint = "epoll_wait", SetLastError = true)]
    public static partial int EpollWait(int epoll, byte* events, int maxEvents, int timeoutMilliseconds);

    [LibraryImport("libc", EntryPoint = "timerfd_create", SetLastError = true)]
    public static partial int TimerCreate(int clock, int flags);

    [LibraryImport("libc", EntryPoint = "timerfd_settime", SetLastError = true)]
    public static partial int TimerSet(int timer, int flags, long* newValue, long* oldValue);

    [LibraryImport("libc", EntryPoint = "send", SetLastError = true)]
    public static partial nint Send(int descriptor, byte* bytes, nint length, int flags);

    [LibraryImport("libc", EntryPoint = "recv", SetLastError = true)]
    public static partial nint Receive(int descriptor, byte* bytes, nint length, int flags);

    [LibraryImport("libc", EntryPoint = "read", SetLastError = true)]
    public static partial nint Read(int descriptor, byte* bytes, nint length);

    [LibraryImport("libc", EntryPoint = "close", SetLastError = true)]
    public static partial int Close(int descriptor);
}
