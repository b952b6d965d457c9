using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using ClaudeDrive.Chaos.Judging;
using ClaudeDrive.Chaos.Load;
using ClaudeDrive.Chaos.Nodes;
using ClaudeDrive.Chaos.Running;
using Xunit;

namespace ClaudeDrive.Server.Tests.Chaos;

/// <summary>Each kind of breach is noticed: one thing of a clean run is changed, and that thing is named.</summary>
public sealed class VerdictTests
{
    private static readonly Dictionary<string, (Func<Evidence> Evidence, string Breach)> Cases = new(StringComparer.Ordinal)
    {
        ["event stored twice"] = (() => CleanRun.Make(view: static v => v["events"]!.AsArray().Add(v["events"]![0]!.DeepClone())), "whe_1 was answered 200 and is stored 2 times"),
        ["event lost"] = (() => CleanRun.Make(view: static v => v["events"]!.AsArray().RemoveAt(1)), "whe_2 was answered 200 and is stored 0 times"),
        ["event pending"] = (() => CleanRun.Make(view: static v => v["events"]![0]!["state"] = "pending"), "event whe_1 is pending"),
        ["event dead"] = (() => CleanRun.Make(view: static v => v["events"]![0]!["state"] = "dead"), "event whe_1 is dead"),
        ["state unknown"] = (() => CleanRun.Make(view: static v => v["events"]![0]!["state"] = "asleep"), "unknown state asleep"),
        ["dead letter unexplained"] = (
            () => CleanRun.Make() with { DeadLetters = [CleanRun.Json("""{"event_id":"whe_1","last_error":"http_401: no"}""")] }, "no fault explains the dead letter whe_1"),
        ["context differs"] = (() => CleanRun.Make(l => l["sessions"]![0]!["true_state"]!["status"] = "running"), "status is running, the context says idle"),
        ["session lost"] = (() => CleanRun.Make(view: static v => v["sessions"]!.AsArray().Clear()), "session sesn_1 has no context"),
        ["deleted session lost that was told of"] = (
            () => CleanRun.Make(static l => Delete(l, told: true), static v => v["sessions"]!.AsArray().Clear()), "session sesn_1 has no context"),
        ["living session lost that nobody told of"] = (
            () => CleanRun.Make(static l => l["events"]![0]!["delivered"] = false, static v => v["sessions"]!.AsArray().Clear()), "session sesn_1 has no context"),
        ["transcript differs"] = (() => CleanRun.Make(l => l["sessions"]![0]!["event_ids"]!.AsArray().Add("sevt_2")), "session sesn_1: transcript"),
        ["resource differs"] = (() => CleanRun.Make(l => l["resources"]![0]!["state"] = "deleted"), "agent agent_1 is deleted and is shown archived"),
        ["resource missing"] = (() => CleanRun.Make(view: v => v["resources"]!.AsArray().Clear()), "is shown without a context"),
        ["chain short"] = (() => CleanRun.Make(view: static v => v["sessions"]![0]!["revision"] = 3), "at revision 3, and 2 can be read"),
        ["chain broken by a snapshot"] = (() => WithChain(static (r, n) => n == 1 ? r with { Snapshot = Encoding.UTF8.GetBytes("{}") } : r), "revision 1 breaks the chain"),
        ["chain broken by a field"] = (() => WithChain(static (r, n) => n == 2 ? r with { Cause = "inferred" } : r), "revision 2 breaks the chain"),
        ["chain broken by a link"] = (() => WithChain(static (r, n) => n == 2 ? r with { PreviousHash = RevisionHashOf("x") } : r), "revision 2 breaks the chain"),
        ["chain with a gap"] = (() => CleanRun.Make() is var run ? run with { Chains = OnlySecond(run) } : run, "revision 2 breaks the chain"),
        ["answer sent twice"] = (() => CleanRun.Make(l => l["user_events"]![0]!["count"] = 2), "Claude took 2 answers for sevt_1"),
        ["answer not at Claude"] = (() => CleanRun.Make(l => l["user_events"]!.AsArray().RemoveAt(0)), "which Claude did not get exactly once"),
        ["answer on its way"] = (() => CleanRun.Make(view: v => v["reviews"]![0]!["state"] = "verifying"), "the answer of rev_1 has not arrived yet"),
        ["answer forgotten"] = (() => CleanRun.Make(view: v => Close(v["reviews"]![0]!, null)), "rev_1 was acknowledged, and it is closed_elsewhere without a word"),
        ["item gone"] = (() => CleanRun.Make() with { Answers = [new AnswerRecord("rev_7", 1, 1)] }, "the answer to rev_7 was acknowledged and the item is gone"),
        ["answer disowned"] = (() => CleanRun.Make(view: v => Close(v["reviews"]![0]!, "session_moved_on")), "no item says that it was sent"),
        ["message twice"] = (() => CleanRun.Make(AnotherMessage), "Claude has the message uevt_3"),
        ["two answers acknowledged"] = (() => CleanRun.Make() with { Answers = [new AnswerRecord("rev_1", 2, 2)] }, "2 answers to rev_1 were acknowledged, and it was answered 0 times"),
        ["person refused"] = (() => CleanRun.Make() with { Refusals = ["a person was refused with forbidden"] }, "refused with forbidden"),
        ["delivery refused"] = (() => CleanRun.Make(l => Answer(l, 400)), "1 genuine deliveries were answered 400"),
        ["delivery failed"] = (() => CleanRun.Make(l => Answer(l, 500)), "1 genuine deliveries were answered 500"),
        ["unavailable without a cause"] = (() => CleanRun.Make(l => Answer(l, 503)), "1 genuine deliveries were answered 503"),
        ["endpoint disabled"] = (() => CleanRun.Make(l => l["endpoint"]!["state"] = "disabled"), "Claude disabled the endpoint"),
        ["work left"] = (() => WithNode(static n => n with { Stats = CleanRun.Json(CleanRun.Stats.Replace("\"due\":0", "\"due\":1", StringComparison.Ordinal)) }), "work.due is 1"),
        ["lease stuck"] = (() => WithNode(static n => n with { Stats = CleanRun.Json(CleanRun.Stats.Replace("\"leased\":0", "\"leased\":2", StringComparison.Ordinal)) }), "work.leased is 2"),
        ["spool not empty"] = (() => WithNode(static n => n with { Stats = CleanRun.Json(CleanRun.Stats.Replace("\"records\":0", "\"records\":5", StringComparison.Ordinal)) }), "spool.records is 5"),
        ["spool damaged"] = (() => WithNode(static n => n with { SpoolFiles = ["1.spool.damaged"] }), "the spool still holds 1.spool.damaged"),
        ["node silent"] = (() => WithNode(static n => n with { Stats = null }), "node 1 does not answer"),
        ["node ended"] = (() => WithNode(static n => n with { Exits = ["node 1 ended by itself with 134"] }), "ended by itself with 134"),
        ["secret in a log"] = (() => WithNode(static n => n with { Leaks = ["line 7 holds a signature"] }), "log of node 1: line 7 holds a signature"),
        ["heap grows"] = (() => CleanRun.Make() with { Memory = Growing() }, "the heap of node 1 grew from"),
        ["node too large"] = (() => CleanRun.Make() with { Memory = [new MemorySample(2, 1, TimeSpan.FromSeconds(1), MemoryBound.MostResident + 1, null)] }, "node 2 held 1024 MiB"),
        ["fault not made"] = (() => CleanRun.Make() with { NotExercised = ["not exercised: full disk"] }, "not exercised: full disk"),
    };

    public static TheoryData<string> Names => [.. Cases.Keys];

    [Fact]
    public void Find_CleanRun_Nothing()
    {
        Assert.Empty(Verdict.Find(CleanRun.Make()));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Find_OneThingWrong_IsNamed(string name)
    {
        var (evidence, breach) = Cases[name];

        Assert.Contains(Verdict.Find(evidence()), found => found.Contains(breach, StringComparison.Ordinal));
    }

    [Fact]
    public void Find_DeletedSessionOfWhichNoDeliveryArrived_IsNoBreach()
    {
        var run = CleanRun.Make(static l => Delete(l, told: false), static v => v["sessions"]!.AsArray().Clear());

        Assert.DoesNotContain(Verdict.Find(run), static found => found.Contains("has no context", StringComparison.Ordinal));
    }

    [Fact]
    public void Find_UnavailableWhileADiskIsFull_IsNoBreach()
    {
        var at = DateTimeOffset.Parse("2026-05-01T00:00:00Z", CultureInfo.InvariantCulture);
        var run = CleanRun.Make(static l => Answer(l, 503));

        Assert.Empty(Verdict.Find(run with { FullDisks = [new FaultWindow(at, at.AddSeconds(4))] }));
        Assert.NotEmpty(Verdict.Find(run with { FullDisks = [new FaultWindow(at.AddSeconds(-60), at.AddSeconds(-50))] }));
    }

    [Fact]
    public void Find_AnswerVisiblyRefused_IsNoBreach()
    {
        var run = CleanRun.Make(static l => l["user_events"]!.AsArray().RemoveAt(0), static v => Close(v["reviews"]![0]!, "session_moved_on: it waits no more"));

        Assert.Empty(Verdict.Find(run));
    }

    [Fact]
    public void Find_ExplainedDeadLetterAndTornTail_AreNoBreach()
    {
        var run = WithNode(static n => n with { SpoolFiles = ["1.spool.torn"] });

        Assert.Empty(Verdict.Find(run with { DeadLetters = [CleanRun.Json("""{"event_id":"whe_1","last_error":"http_529: Overloaded."}""")] }));
    }

    private static void Answer(JsonNode ledger, int status) => ledger["events"]![1]!["attempts"]!.AsArray()
        .Insert(0, JsonNode.Parse($$"""{"n":1,"at":"2026-05-01T00:00:02Z","status":{{status}},"fault":"two_signatures"}"""));

    private static void Delete(JsonNode ledger, bool told)
    {
        ledger["sessions"]![0]!["true_state"]!["deleted"] = true;
        ledger["events"]![0]!["delivered"] = told;
    }

    private static void AnotherMessage(JsonNode ledger) =>
        ledger["user_events"]!.AsArray().Add(JsonNode.Parse("""{"session_id":"sesn_1","event_id":"uevt_3","type":"user.message","answers":null,"count":1}"""));

    private static void Close(JsonNode review, string? problem)
    {
        (review["state"], review["send_state"], review["problem"], review["answer_event_id"]) = ("closed_elsewhere", "refused", problem, null);
    }

    private static Evidence WithNode(Func<NodeEvidence, NodeEvidence> change) =>
        CleanRun.Make() is var run ? run with { Nodes = [change(run.Nodes[0])] } : run;

    private static Evidence WithChain(Func<Contexts.ContextRevision, int, Contexts.ContextRevision> change) => CleanRun.Make() with
    {
        Chains = new Dictionary<string, IReadOnlyList<Contexts.ContextRevision>>(StringComparer.Ordinal)
        {
            ["sesn_1"] = [.. CleanRun.Chain().Select(revision => change(revision, revision.Number))],
        },
    };

    private static Dictionary<string, IReadOnlyList<Contexts.ContextRevision>> OnlySecond(Evidence run) =>
        new(StringComparer.Ordinal) { ["sesn_1"] = [run.Chains["sesn_1"][1]] };

    private static string RevisionHashOf(string text) => Contexts.RevisionHash.OfBytes(Encoding.UTF8.GetBytes(text));

    private static IReadOnlyCollection<MemorySample> Growing() =>
        [.. Enumerable.Range(1, 120).Select(static second => new MemorySample(1, 1, TimeSpan.FromSeconds(second), 200_000_000, 20_000_000L + (second * 4_000_000L)))];
}
