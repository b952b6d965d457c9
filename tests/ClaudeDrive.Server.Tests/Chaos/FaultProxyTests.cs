using System.Net;
using System.Net.Sockets;
using ClaudeDrive.Chaos.Links;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace ClaudeDrive.Server.Tests.Chaos;

/// <summary>Each mode of a link, seen from both ends of a real connection.</summary>
public sealed class FaultProxyTests : IAsyncLifetime
{
    private readonly TcpListener _target = new(IPAddress.Loopback, 0);
    private readonly FakeTimeProvider _time = new();
    private FaultProxy _proxy = null!;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public ValueTask InitializeAsync()
    {
        _target.Start();
        _proxy = FaultProxy.Start(((IPEndPoint)_target.LocalEndpoint).Port, 1, _time);
        return ValueTask.CompletedTask;
    }

    public async ValueTask DisposeAsync()
    {
        await _proxy.DisposeAsync();
        _target.Dispose();
    }

    [Fact]
    public async Task Pass_BothWays_BytesArriveAndTheEndToo()
    {
        var (caller, target) = await ConnectAsync();
        using (caller)
        using (target)
        {
            await SendAsync(caller, 1);
            Assert.Equal(1, await ReceiveAsync(target));
            await SendAsync(target, 2);
            Assert.Equal(2, await ReceiveAsync(caller));
            caller.Shutdown(SocketShutdown.Send);
            Assert.Equal(-1, await ReceiveAsync(target));

            // Half closed: the other way still works.
            await SendAsync(target, 3);
            Assert.Equal(3, await ReceiveAsync(caller));
        }
    }

    [Fact]
    public async Task Cut_OpenAndNewConnections_AreReset()
    {
        var (caller, target) = await ConnectAsync();
        using (caller)
        using (target)
        {
            _proxy.Set(LinkMode.Cut);

            await AssertResetAsync(caller);
            await AssertResetAsync(target);
            await AssertCallIsResetAsync();
            Assert.False(_target.Pending());
        }
    }

    [Fact]
    public async Task BlackHole_UntilItEnds_NothingPassesAndThenEverythingInOrder()
    {
        var (caller, target) = await ConnectAsync();
        using (caller)
        using (target)
        {
            _proxy.Set(LinkMode.BlackHole);
            await SendAsync(caller, 1);
            await SendAsync(target, 2);
            using var late = await CallAsync();
            await SendAsync(late, 3);

            await AssertOtherPassesAsync();

            Assert.Equal(0, target.Available);
            Assert.Equal(0, caller.Available);
            Assert.False(_target.Pending());

            _proxy.Set(LinkMode.Pass);
            Assert.Equal(1, await ReceiveAsync(target));
            Assert.Equal(2, await ReceiveAsync(caller));
            using var lateTarget = await _target.AcceptSocketAsync(Token);
            Assert.Equal(3, await ReceiveAsync(lateTarget));
        }
    }

    [Fact]
    public async Task LoseAnswers_RequestsArrive_AnswersDoNotAndTheConnectionIsResetAtTheEnd()
    {
        var (caller, target) = await ConnectAsync();
        var (idle, idleTarget) = await ConnectAsync();
        using (caller)
        using (target)
        using (idle)
        using (idleTarget)
        {
            _proxy.Set(LinkMode.LoseAnswers);
            await SendAsync(caller, 1);
            Assert.Equal(1, await ReceiveAsync(target));
            await SendAsync(target, 2);
            await UntilAsync(() => _proxy.HasLost);
            Assert.Equal(0, caller.Available);
            _proxy.Set(LinkMode.Pass);

            await AssertResetAsync(caller);
            await AssertResetAsync(target);
            await SendAsync(idleTarget, 4);
            Assert.Equal(4, await ReceiveAsync(idle));
        }
    }

    [Fact]
    public async Task Latency_TimeStandsStill_NothingPassesUntilItMoves()
    {
        var (caller, target) = await ConnectAsync();
        using (caller)
        using (target)
        {
            _proxy.Set(LinkMode.Latency, TimeSpan.FromSeconds(10));
            await SendAsync(caller, 1);
            await AssertOtherPassesAsync();
            Assert.Equal(0, target.Available);

            var started = _time.GetUtcNow();
            var received = ReceiveAsync(target);
            await UntilAsync(() =>
            {
                _time.Advance(TimeSpan.FromMilliseconds(100));
                return received.IsCompleted;
            });

            Assert.Equal(1, await received);
            Assert.True(_time.GetUtcNow() - started >= TimeSpan.FromSeconds(5), "the least wait is half of the mean");
        }
    }

    [Fact]
    public async Task Latency_ModeEnds_WhatIsLateGoesOnAtOnce()
    {
        var (caller, target) = await ConnectAsync();
        using (caller)
        using (target)
        {
            _proxy.Set(LinkMode.Latency, TimeSpan.FromHours(1));
            await SendAsync(caller, 1);
            await AssertOtherPassesAsync();
            _proxy.Set(LinkMode.Pass);

            Assert.Equal(1, await ReceiveAsync(target));
        }
    }

    [Fact]
    public async Task Reset_Once_EndsWhatIsOpenAndNothingElse()
    {
        var (caller, target) = await ConnectAsync();
        using (caller)
        using (target)
        {
            _proxy.Reset();
            await AssertResetAsync(caller);
            await AssertResetAsync(target);
            var (again, againTarget) = await ConnectAsync();
            using (again)
            using (againTarget)
            {
                await SendAsync(again, 1);
                Assert.Equal(1, await ReceiveAsync(againTarget));
            }
        }
    }

    [Fact]
    public async Task Call_TargetIsNotThere_ConnectionIsReset()
    {
        _target.Stop();

        await AssertCallIsResetAsync();
    }

    private async Task<(Socket Caller, Socket Target)> ConnectAsync()
    {
        var caller = await CallAsync();
        return (caller, await _target.AcceptSocketAsync(Token));
    }

    // A byte that passes elsewhere proves that there was the time to pass, had the link wanted to.
    private async Task AssertOtherPassesAsync()
    {
        await using var open = FaultProxy.Start(((IPEndPoint)_target.LocalEndpoint).Port, 1, _time);
        using var other = await CallAsync(open.Port);
        using var otherTarget = await _target.AcceptSocketAsync(Token);
        await SendAsync(other, 9);
        Assert.Equal(9, await ReceiveAsync(otherTarget));
    }

    private static async Task UntilAsync(Func<bool> condition)
    {
        using var poll = new PeriodicTimer(TimeSpan.FromMilliseconds(5));
        while (!condition())
        {
            await poll.WaitForNextTickAsync(Token);
        }
    }

    private Task<Socket> CallAsync() => CallAsync(_proxy.Port);

    private static async Task<Socket> CallAsync(int port)
    {
        var caller = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        await caller.ConnectAsync(new IPEndPoint(IPAddress.Loopback, port), Token);
        return caller;
    }

    private static async Task SendAsync(Socket socket, byte value) => await socket.SendAsync((byte[])[value], Token);

    private static async Task<int> ReceiveAsync(Socket socket)
    {
        var one = new byte[1];
        return await socket.ReceiveAsync(one, Token) == 0 ? -1 : one[0];
    }

    // The reset may come while the caller is still connecting.
    private async Task AssertCallIsResetAsync()
    {
        var reset = await Assert.ThrowsAsync<SocketException>(async () =>
        {
            using var caller = await CallAsync();
            await ReceiveAsync(caller);
        });
        Assert.Equal(SocketError.ConnectionReset, reset.SocketErrorCode);
    }

    private static async Task AssertResetAsync(Socket socket)
    {
        var reset = await Assert.ThrowsAsync<SocketException>(() => ReceiveAsync(socket));
        Assert.Equal(SocketError.ConnectionReset, reset.SocketErrorCode);
    }
}
