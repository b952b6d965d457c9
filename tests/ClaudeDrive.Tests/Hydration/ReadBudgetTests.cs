using ClaudeDrive.Diagnostics;
using ClaudeDrive.Hydration;
using ClaudeDrive.Ingest;
using ClaudeDrive.Tests.Fakes;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace ClaudeDrive.Tests.Hydration;

public sealed class ReadBudgetTests : IDisposable
{
    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 3, 18, 14, 0, 0, TimeSpan.Zero));
    private readonly ReadBudget _budget;

    public ReadBudgetTests() => _budget = Make.Budget(60, _time);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => _budget.Dispose();

    [Fact]
    public void Acquire_FullBucket_GivesAMinuteAndThenOnePerSecond()
    {
        Assert.Equal(60, Take(WorkLane.Waiting, 100));

        var late = _budget.AcquireAsync(WorkLane.Waiting, Token);
        _time.Advance(TimeSpan.FromMilliseconds(999));
        Assert.False(late.IsCompleted);
        _time.Advance(TimeSpan.FromMilliseconds(1));
        Assert.True(Settled(late));
    }

    [Fact]
    public void Acquire_OverALongTime_KeepsTheRate()
    {
        Take(WorkLane.Waiting, 100);
        var waiting = Enumerable.Range(0, 600).Select(_ => _budget.AcquireAsync(WorkLane.Waiting, Token)).ToArray();

        for (var second = 0; second < 300; second++)
        {
            _time.Advance(TimeSpan.FromSeconds(1));
        }

        Assert.Equal(300, Done(waiting, 300));
    }

    [Theory]
    [InlineData(WorkLane.Waiting, 60)]
    [InlineData(WorkLane.Watched, 60)]
    [InlineData(WorkLane.Normal, 54)]
    [InlineData(WorkLane.Reconciliation, 45)]
    internal void Acquire_CalmLanes_LeaveTheirReserve(WorkLane lane, int expected) => Assert.Equal(expected, Take(lane, 100));

    [Fact]
    public void Acquire_BacklogOfCalmLanes_DoesNotHoldUpAPerson()
    {
        Take(WorkLane.Reconciliation, 100);
        var calm = _budget.AcquireAsync(WorkLane.Reconciliation, Token);
        var person = _budget.AcquireAsync(WorkLane.Waiting, Token);

        _time.Advance(TimeSpan.FromMilliseconds(1)); // Served by the timer, not by the clock.
        Assert.True(Settled(person));
        Assert.False(calm.IsCompleted);
    }

    [Fact]
    public void Serve_SeveralLanesWait_MostUrgentFirstThenInOrder()
    {
        Take(WorkLane.Waiting, 100);
        List<string> served = [];
        var tasks = new (WorkLane Lane, string Name)[]
        {
            (WorkLane.Reconciliation, "r"), (WorkLane.Normal, "n1"), (WorkLane.Watched, "w"), (WorkLane.Normal, "n2"), (WorkLane.Waiting, "p1"), (WorkLane.Waiting, "p2"),
        }.Select(item => (item.Name, Task: _budget.AcquireAsync(item.Lane, Token))).ToArray();

        foreach (var seconds in (int[])[1, 1, 1, 7, 1, 10])
        {
            _time.Advance(TimeSpan.FromSeconds(seconds));
            Done([.. tasks.Select(static item => item.Task)], served.Count + 1);
            served.AddRange(tasks.Where(item => item.Task.IsCompleted && !served.Contains(item.Name)).Select(static item => item.Name));
        }

        Assert.Equal(["p1", "p2", "w", "n1", "n2", "r"], served);
    }

    [Fact]
    public async Task Cancel_Waiting_TakesNoTokenAndLosesNoWaiter()
    {
        Take(WorkLane.Waiting, 100);
        using var cancelled = new CancellationTokenSource();
        var first = _budget.AcquireAsync(WorkLane.Waiting, cancelled.Token);
        var second = _budget.AcquireAsync(WorkLane.Watched, Token);
        await cancelled.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => first);
        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.True(Settled(second));
    }

    [Fact]
    public async Task Cancel_RandomWaiters_ServesAllOthersAtTheFullRate()
    {
        const int Seed = 4711;
        var random = new Random(Seed);
        Take(WorkLane.Waiting, 100);
        List<(Task Task, CancellationTokenSource Source)> all = [];
        for (var i = 0; i < 200; i++)
        {
            var source = new CancellationTokenSource();
            all.Add((_budget.AcquireAsync((WorkLane)random.Next(2), source.Token), source));
        }

        var kept = all.Where(_ => random.Next(2) == 0).ToList();
        foreach (var (_, source) in all.Except(kept))
        {
            await source.CancelAsync();
        }

        for (var second = 0; second < kept.Count; second++)
        {
            Assert.Equal(second, Done([.. kept.Select(static item => item.Task)], second));
            _time.Advance(TimeSpan.FromSeconds(1));
        }

        Assert.Equal((Seed, kept.Count), (Seed, Done([.. kept.Select(static item => item.Task)], kept.Count)));
        all.ForEach(static item => item.Source.Dispose());
    }

    [Fact]
    public async Task Acquire_AlreadyCancelled_TakesNoToken()
    {
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => _budget.AcquireAsync(WorkLane.Waiting, new CancellationToken(canceled: true)));
        Assert.Equal(60, Take(WorkLane.Waiting, 100));
    }

    [Fact]
    public void Pause_UntilAnInstant_ServesNobodyBeforeAndEverybodyAfter()
    {
        _budget.PauseUntil(_time.GetUtcNow().AddSeconds(30));
        _budget.PauseUntil(_time.GetUtcNow().AddSeconds(10)); // The latest counts.
        var person = _budget.AcquireAsync(WorkLane.Waiting, Token);

        _time.Advance(TimeSpan.FromSeconds(29.9));
        Assert.False(person.IsCompleted);
        _time.Advance(TimeSpan.FromSeconds(0.1));
        Assert.True(Settled(person));
    }

    [Fact]
    public void Acquire_WallClockSetBack_KeepsTheRate()
    {
        var clock = new SteppingClock(_time);
        using var budget = Make.Budget(60, clock);
        clock.Step = TimeSpan.FromHours(-1);
        Assert.True(budget.AcquireAsync(WorkLane.Waiting, Token).IsCompletedSuccessfully);

        clock.Step = TimeSpan.FromHours(5);
        Assert.True(budget.AcquireAsync(WorkLane.Waiting, Token).IsCompletedSuccessfully);
    }

    [Fact]
    public void Acquire_TwoNodesOverOneStore_ShareTheTokens()
    {
        using var store = new SharedBuckets(_time);
        using var first = Make.Budget(60, _time, store);
        using var second = Make.Budget(60, _time, store);

        var taken = Enumerable.Range(0, 50).SelectMany(_ => new[] { first, second }).Count(budget => budget.AcquireAsync(WorkLane.Waiting, Token).IsCompletedSuccessfully);

        Assert.Equal(60, taken);
    }

    [Fact]
    public void Pause_OnOneNode_HoldsTheOther()
    {
        using var store = new SharedBuckets(_time);
        using var first = Make.Budget(60, _time, store);
        using var second = Make.Budget(60, _time, store);

        first.PauseUntil(_time.GetUtcNow().AddSeconds(30));
        var person = second.AcquireAsync(WorkLane.Waiting, Token);

        Assert.False(person.IsCompleted);
        _time.Advance(TimeSpan.FromSeconds(30));
        Assert.True(Settled(person));
    }

    [Fact]
    public void Acquire_StoreFails_WaitsForItAndKeepsThePause()
    {
        using var store = new SharedBuckets(_time) { IsBroken = true };
        using var budget = Make.Budget(60, _time, store);
        budget.PauseUntil(_time.GetUtcNow().AddSeconds(10));
        var person = budget.AcquireAsync(WorkLane.Waiting, Token);
        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.False(person.IsCompleted);

        store.IsBroken = false;
        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.False(person.IsCompleted);
        _time.Advance(TimeSpan.FromSeconds(8));
        Assert.True(Settled(person));
    }

    [Fact]
    public void Acquire_WhileTheStoreIsAsked_OneQuestionIsUnderWayAndThenAsksForAll()
    {
        using var store = new SharedBuckets(_time) { IsSlow = true };
        using var budget = Make.Budget(60, _time, store);
        var all = Enumerable.Range(0, 10).Select(_ => budget.AcquireAsync(WorkLane.Waiting, Token)).ToArray();
        Assert.Equal([1], store.Wants);

        store.Answer();
        Assert.Equal(10, Done(all, 10));
        Assert.Equal([1, 9], store.Wants);
    }

    private int Take(WorkLane lane, int most)
    {
        for (var taken = 0; taken < most; taken++)
        {
            using var trial = new CancellationTokenSource();
            var task = _budget.AcquireAsync(lane, trial.Token);
            if (!task.IsCompletedSuccessfully)
            {
                trial.Cancel();
                return taken;
            }
        }

        return most;
    }

    // Continuations run on the pool: a task is settled a little after the clock moved.
    private static bool Settled(Task task) => Done([task], 1) == 1;

    private static int Done(IReadOnlyCollection<Task> tasks, int expected)
    {
        SpinWait.SpinUntil(() => tasks.Count(static task => task.IsCompletedSuccessfully) >= expected, TimeSpan.FromSeconds(10));
        return tasks.Count(static task => task.IsCompletedSuccessfully);
    }

    /// <summary>Time that goes on evenly while its wall clock is set.</summary>
    private sealed class SteppingClock(TimeProvider inner) : TimeProvider
    {
        public TimeSpan Step { get; set; }

        public override long TimestampFrequency => inner.TimestampFrequency;

        public override DateTimeOffset GetUtcNow() => inner.GetUtcNow() + Step;

        public override long GetTimestamp() => inner.GetTimestamp();

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
            inner.CreateTimer(callback, state, dueTime, period);
    }

    /// <summary>A store's buckets that may fail, or answer when told.</summary>
    private sealed class SharedBuckets(TimeProvider time) : IReadBudgetStore, IDisposable
    {
        private readonly ReadBuckets _buckets = new(time);
        private readonly TaskCompletionSource _answer = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public bool IsBroken { get; set; }

        public bool IsSlow { get; init; }

        public List<int> Wants { get; } = [];

        public void Answer() => _answer.SetResult();

        public async ValueTask<ReadGrant> TakeReadsAsync(ReadRequest request, CancellationToken cancellationToken)
        {
            Wants.Add(request.Want);
            if (IsSlow)
            {
                await _answer.Task.WaitAsync(cancellationToken);
            }

            return IsBroken ? throw new DriveStoreException("broken") : _buckets.Take(request);
        }

        public void Dispose() => _answer.TrySetResult();
    }
}
