using ClaudeDrive.Inbox;
using ClaudeDrive.Ingest;
using ClaudeDrive.Storage.InMemory;
using CsCheck;
using Xunit;
using static ClaudeDrive.Tests.Fakes.Plans;

namespace ClaudeDrive.Tests.Storage;

/// <summary>
/// When one resource is due, under any sequence of events, requests, claims and ends of leases: nothing asked for is lost, nothing waits longer than
/// promised, nothing is looked at too often. The stores are held to this row by the model of the conformance suites. A failure is shrunk and prints its
/// seed.
/// </summary>
public sealed class WorkRowPropertyTests
{
    private static readonly Coalescing Window = Coalescing.Default;

    private static readonly TimeSpan LeaseFor = TimeSpan.FromSeconds(30);

    private static readonly Gen<Step[]> Steps = Gen
        .Select(
            Gen.Frequency(
                (6, Act.Event), (1, Act.Request), (5, Act.Claim), (5, Act.Complete), (1, Act.LookAgain), (1, Act.Retry), (1, Act.Snooze), (1, Act.Release),
                (1, Act.Renew)),
            Gen.Frequency((1, Gen.Const(0)), (4, Gen.Int[1, 150]), (2, Gen.Int[151, 2_500]), (1, Gen.Int[2_501, 40_000])),
            Gen.Int[0, 60_000],
            static (act, after, delay) => new Step(act, after, delay))
        .Array[1, 60];

    [Fact]
    public void Steps_AnySequence_NothingIsLostLateOrTooOften() => Steps.Sample(
        static steps =>
        {
            var promise = new Promise();
            foreach (var step in steps)
            {
                promise.Take(step);
            }
        },
        writeLine: static line => TestContext.Current.TestOutputHelper?.WriteLine(line),
        iter: 10_000,
        print: static steps => string.Join(", ", steps));

    private enum Act
    {
        Event,
        Request,
        Claim,
        Complete,
        LookAgain,
        Retry,
        Snooze,
        Release,
        Renew,
    }

    /// <summary>One call, some milliseconds after the one before.</summary>
    private readonly record struct Step(Act Act, int After, int Delay)
    {
        public override string ToString() => FormattableString.Invariant($"{Act} +{After}") + (Act is Act.Retry or Act.Snooze or Act.LookAgain ? $" for {Delay}" : "");
    }

    /// <summary>The row, and beside it what was promised to those who asked: the latest instant at which it must be due.</summary>
    private sealed class Promise
    {
        private DateTimeOffset _now = At(0);
        private WorkRow? _row;
        private DateTimeOffset? _latest;
        private DateTimeOffset? _earliest;
        private DateTimeOffset? _looked;
        private bool _askedInLease;
        private int _attempts;
        private long _token;

        private bool IsLeased => _row?.LeaseEnds is not null;

        public void Take(Step step)
        {
            _now += TimeSpan.FromMilliseconds(step.After);
            if (_row?.IsSpent(_now) == true)
            {
                Assert.Null(_latest); // Only what asks for nothing goes.
                _row = null;
                (_looked, _earliest) = (null, null);
            }

            switch (step.Act)
            {
                case Act.Event:
                    Asked(isEvent: true);
                    break;
                case Act.Request:
                    Asked(isEvent: false);
                    break;
                case Act.Claim:
                    Claim();
                    break;
                case Act.Renew when IsLeased:
                    _row!.Renew(_now + LeaseFor);
                    break;
                default:
                    End(step);
                    break;
            }

            Check();
        }

        private void Asked(bool isEvent)
        {
            var wasWaiting = _row is { Dirty: true } && !IsLeased;
            _row ??= new WorkRow(Session, 1, WorkLane.Normal, _now);
            if (isEvent)
            {
                _row.Mark(_now, WorkLane.Normal, Window);
            }
            else
            {
                _row.Request(_now, WorkLane.Normal);
            }

            if (IsLeased)
            {
                _askedInLease = true;
                return;
            }

            if (!isEvent)
            {
                (_latest, _earliest) = (_now, null);
            }
            else if (_looked is { } looked)
            {
                // Quiet after it, but no longer than MaxWait after the last look; a request or a second look may have been due before that.
                var latest = Later(_now, Earlier(_now + Window.Quiet, looked + Window.MaxWait));
                _latest = latest;
            }
            else if (!wasWaiting)
            {
                _latest = _now; // The first event of a fresh resource.
            }
        }

        private void Claim()
        {
            if (_row?.IsClaimable(_now) != true)
            {
                return;
            }

            Assert.True(_row.LeaseEnds is null || _row.LeaseEnds <= _now, "it was leased twice at once");
            Assert.True(_earliest is null || _now >= _earliest, $"claimed at {_now:O}, but Quiet after the last look ends at {_earliest:O}");
            _row.Lease(++_token, _now + LeaseFor);
            (_latest, _earliest, _askedInLease) = (null, null, false);
        }

        private void End(Step step)
        {
            if (!IsLeased)
            {
                return;
            }

            var delay = TimeSpan.FromMilliseconds(step.Delay);
            switch (step.Act)
            {
                case Act.Complete:
                    _row!.Complete(_now, null, Window);
                    _latest = _askedInLease ? _now + Window.Quiet : null;
                    (_looked, _earliest, _attempts) = (_now, _now + Window.Quiet, 0);
                    break;
                case Act.LookAgain:
                    _row!.Complete(_now, delay, Window);
                    _latest = _askedInLease ? _now + Earlier(Window.Quiet, delay) : _now + delay;
                    (_looked, _earliest, _attempts) = (_now, null, 0);
                    break;
                case Act.Release:
                    _row!.Release(_now);
                    (_latest, _earliest) = (_now, null);
                    break;
                default:
                    _row!.Postpone(_now + delay, countAttempt: step.Act == Act.Retry);
                    _attempts += step.Act == Act.Retry ? 1 : 0; // To wait costs no attempt.
                    (_latest, _earliest, _looked) = (_now + delay, _now + delay, null);
                    break;
            }

            _askedInLease = false;
        }

        private void Check()
        {
            if (_row is null)
            {
                return;
            }

            Assert.Equal(_attempts, _row.Attempts);
            Assert.True(!_row.IsClaimable(_now) || _row.LeaseEnds is null || _row.LeaseEnds <= _now, "a live lease is claimable");
            if (IsLeased)
            {
                Assert.True(_row.Dirty == _askedInLease, "what came during the lease is forgotten");
            }
            else if (_latest is { } latest)
            {
                Assert.True(_row.Dirty, "what was asked for is lost");
                Assert.True(_row.DueAt <= latest, $"due at {_row.DueAt:O}, but promised for {latest:O}");
            }
            else
            {
                Assert.False(_row.Dirty, "nobody asked for it");
            }
        }

        private static DateTimeOffset Earlier(DateTimeOffset one, DateTimeOffset other) => one < other ? one : other;

        private static TimeSpan Earlier(TimeSpan one, TimeSpan other) => one < other ? one : other;

        private static DateTimeOffset Later(DateTimeOffset one, DateTimeOffset other) => one > other ? one : other;
    }
}
