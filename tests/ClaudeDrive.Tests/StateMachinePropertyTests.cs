using ClaudeDrive.Contexts;
using ClaudeDrive.Inbox;
using ClaudeDrive.Ingest;
using ClaudeDrive.Review;
using ClaudeDrive.Tests.Fakes;
using CsCheck;
using Xunit;

namespace ClaudeDrive.Tests;

/// <summary>
/// Random walks over the three state machines. docs/state-machine.md holds the edges; these hold what the edges must add up to. A failure is shrunk and
/// prints its seed.
/// </summary>
public sealed class StateMachinePropertyTests
{
    private static readonly ResourceKey Agent = new("agent", "agent_1");

    private static readonly Gen<int[]> Choices = Gen.Int[0, 999].Array[1, 40];

    private static readonly Gen<string> Statuses = Gen.OneOf(
        "running", "idle", "rescheduling", "terminated", "deleted", "gone", "archived", "active", "paused", "resting", "");

    [Fact]
    public void Events_AnyWalk_LeavesFinalStatesNeverAndReachesOne() => Choices.Sample(
        static choices => Walk(EventState.Pending, choices, EventTransitions.All, EventTransitions.IsLegal, static state =>
            state is EventState.Applied or EventState.Superseded or EventState.Covered or EventState.Discarded),
        iter: 5_000);

    [Fact]
    public void Reviews_AnyWalk_LeavesFinalStatesNeverAndReachesOne() => Choices.Sample(
        static choices => Walk(ReviewState.Open, choices, ReviewTransitions.All, ReviewTransitions.IsLegal, ReviewTransitions.IsFinal),
        iter: 5_000);

    [Fact]
    public void Reviews_AnyWalk_SendsOnlyWhatWasAnsweredAndResumesOnlyWhatWasSent() => Choices.Sample(
        static choices =>
        {
            var (state, answers, sends) = (ReviewState.Open, 0, 0);
            foreach (var choice in choices)
            {
                var next = Next(state, choice, ReviewTransitions.All);
                if (next is null)
                {
                    break;
                }

                answers += next == ReviewState.Answered && state != ReviewState.Sending ? 1 : 0;
                sends += next == ReviewState.Sending ? 1 : 0;
                Assert.True(next != ReviewState.Sending || state is ReviewState.Answered or ReviewState.Verifying, $"{state} is sent");
                Assert.True(next != ReviewState.Resumed || sends > 0, "resumed without a send");
                Assert.True(sends == 0 || answers > 0, "sent without an answer");

                // A person's claim ends an answer never: only Claude, or the session, does.
                Assert.True(state is ReviewState.Open or ReviewState.Claimed || next is not ReviewState.Claimed, $"{state} is claimed");
                state = next.Value;
            }
        },
        iter: 5_000);

    [Fact]
    public void Sessions_AnyWalk_EndsDeletedForGoodAndComesBackFromTerminatedOnlyThroughGone() => Gen.Select(Statuses.Array[1, 30], Gen.Bool).Sample(
        static (wanted, isSession) =>
        {
            var resource = isSession ? Plans.Session : Agent;
            string? status = null;
            foreach (var next in wanted)
            {
                if (!ContextTransitions.IsLegal(resource, status, next))
                {
                    // What is refused is never a way to the end, nor staying, but for what is deleted: nothing follows that.
                    Assert.True(status == ContextTransitions.Deleted || (next is not ("deleted" or "gone") && next != status), $"{status} to {next} is refused");
                    continue;
                }

                Assert.NotEqual(ContextTransitions.Deleted, status);
                Assert.True(
                    !isSession || status != ContextTransitions.Terminated || next is not ("running" or "idle" or "rescheduling"), $"{status} to {next}");
                Assert.True(isSession || status != ContextTransitions.Archived || next is "archived" or "deleted" or "gone", $"{status} to {next}");
                status = next;
            }
        },
        iter: 5_000);

    [Fact]
    public void Sessions_EveryKnownEdge_IsLegalAndNoOtherBetweenKnownStatusesIs()
    {
        string[] known = ["running", "idle", "rescheduling", "terminated", "deleted", "gone"];
        foreach (var from in known)
        {
            foreach (var to in known.Where(to => to != from))
            {
                Assert.Equal(ContextTransitions.Session.Contains((from, to)), ContextTransitions.IsLegal(Plans.Session, from, to));
            }
        }
    }

    private static void Walk<T>(T start, int[] choices, IReadOnlyList<(T From, T To)> edges, Func<T, T, bool> isLegal, Func<T, bool> isFinal)
        where T : struct, Enum
    {
        var state = start;
        foreach (var choice in choices)
        {
            // Every pair that is no edge is refused.
            foreach (var other in Enum.GetValues<T>())
            {
                Assert.Equal(edges.Contains((state, other)), isLegal(state, other));
            }

            if (Next(state, choice, edges) is not { } next)
            {
                Assert.True(isFinal(state), $"nothing leaves {state}, but it is not final");
                return;
            }

            Assert.False(isFinal(state), $"{state} is final, but {next} follows");
            state = next;
        }

        Assert.True(Reach(state, edges).Any(isFinal), $"no final state can be reached from {state}");
    }

    private static T? Next<T>(T state, int choice, IReadOnlyList<(T From, T To)> edges)
        where T : struct, Enum
    {
        var ways = edges.Where(edge => edge.From.Equals(state)).ToList();
        return ways.Count == 0 ? null : ways[choice % ways.Count].To;
    }

    private static HashSet<T> Reach<T>(T start, IReadOnlyList<(T From, T To)> edges)
    {
        HashSet<T> reached = [start];
        while (edges.Any(edge => reached.Contains(edge.From) && reached.Add(edge.To)))
        {
            // One more was found.
        }

        return reached;
    }
}
