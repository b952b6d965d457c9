using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using ClaudeDrive.Chaos.Judging;
using ClaudeDrive.Chaos.Load;
using ClaudeDrive.Chaos.Nodes;
using ClaudeDrive.Cli.Demo;
using ClaudeDrive.Contexts;
using ClaudeDrive.Ingest;

namespace ClaudeDrive.Server.Tests.Chaos;

/// <summary>The evidence of a small run in which nothing was breached; tests change one thing of it.</summary>
internal static class CleanRun
{
    public const string Stats = """
        {"events":{"pending":0,"dead":0},"work":{"due":0,"leased":0},"spool":{"records":0},"deliveries":{"spooled":3},
         "reviews":{"open":0,"claimed":0,"answered":0,"sending":0,"verifying":0}}
        """;

    private const string Ledger = """
        {
          "sessions": [{"session_id":"sesn_1","true_state":{"status":"idle","stop_reason":"end_turn","updated_at":"2026-05-01T00:00:05Z","open_blockers":[],"deleted":false},"event_ids":["sevt_1"]}],
          "resources": [{"type":"agent","id":"agent_1","state":"archived"}],
          "events": [
            {"event_id":"whe_1","resource_id":"sesn_1","session_id":"sesn_1","created_at":"2026-05-01T00:00:01Z","delivered":true,"attempts":[
              {"n":0,"at":"2026-05-01T00:00:02Z","status":400,"fault":"wrong_secret"},{"n":1,"at":"2026-05-01T00:00:02Z","status":200,"fault":null}]},
            {"event_id":"whe_2","resource_id":"agent_1","session_id":null,"created_at":"2026-05-01T00:00:02Z","delivered":true,"attempts":[
              {"n":1,"at":"2026-05-01T00:00:03Z","status":200,"fault":null}]}
          ],
          "user_events": [
            {"session_id":"sesn_1","event_id":"uevt_1","type":"user.custom_tool_result","answers":"sevt_1","count":1},
            {"session_id":"sesn_1","event_id":"uevt_2","type":"user.message","answers":null,"count":1}
          ],
          "api": {"reads":4},
          "endpoint": {"state":"enabled","disabled_reason":""}
        }
        """;

    private const string View = """
        {
          "sessions": [{"session_id":"sesn_1","status":"idle","stop_reason":"end_turn","blockers":[],"revision":2,"resource":{"updated_at":"2026-05-01T00:00:05Z"}}],
          "events": [{"event_id":"whe_1","source":"webhook","state":"applied"},{"event_id":"whe_2","source":"webhook","state":"superseded"}],
          "reviews": [
            {"review_id":"rev_1","session_id":"sesn_1","kind":"custom_tool","state":"resumed","blocking_event_id":"sevt_1","answer_event_id":"uevt_1","send_state":"confirmed"},
            {"review_id":"rev_2","session_id":"sesn_1","kind":"gave_up","state":"resumed","blocking_event_id":"sevt_9","answer_event_id":"uevt_2","send_state":"confirmed"}
          ],
          "resources": [{"resource_type":"agent","resource_id":"agent_1","status":"active","resource":{"archived_at":"2026-05-01T00:00:02Z"}}]
        }
        """;

    /// <summary>The evidence, with the two sides changed before they are read.</summary>
    public static Evidence Make(Action<JsonNode>? ledger = null, Action<JsonNode>? view = null)
    {
        var (truth, shown) = (Read(Ledger, ledger), Read(View, view));
        return new Evidence
        {
            Ledger = truth,
            View = new DemoView(
                List(shown, "sessions"),
                new Dictionary<string, IReadOnlyList<string>>(StringComparer.Ordinal) { ["sesn_1"] = ["sevt_1"] },
                List(shown, "events"),
                List(shown, "reviews"),
                Json(Stats)),
            Resources = List(shown, "resources"),
            Chains = new Dictionary<string, IReadOnlyList<ContextRevision>>(StringComparer.Ordinal) { ["sesn_1"] = Chain() },
            Answers = [new AnswerRecord("rev_1", 2, 1), new AnswerRecord("rev_2", 1, 1)],
            Nodes = [new NodeEvidence(1, Json(Stats), ["spool.lock", "drained.mark"], [], [])],
            Memory = [.. Enumerable.Range(1, 120).Select(static second => new MemorySample(1, 1, TimeSpan.FromSeconds(second), 200_000_000, 50_000_000))],
        };
    }

    public static JsonElement Json(string text)
    {
        using var document = JsonDocument.Parse(text);
        return document.RootElement.Clone();
    }

    /// <summary>Two revisions whose hashes fit.</summary>
    public static IReadOnlyList<ContextRevision> Chain()
    {
        var first = Revision(1, RevisionHash.Genesis);
        return [first, Revision(2, first.Hash)];
    }

    private static ContextRevision Revision(int number, string previous)
    {
        var snapshot = Encoding.UTF8.GetBytes($$"""{"status":"idle","number":{{number}}}""");
        var revision = new ContextRevision
        {
            Resource = ResourceKey.Session("sesn_1"),
            Number = number,
            Cause = "webhook",
            EventIds = ["whe_1"],
            RequestIds = ["req_1"],
            AsOf = DateTimeOffset.UnixEpoch,
            FetchedAt = DateTimeOffset.UnixEpoch,
            RecordedAt = DateTimeOffset.UnixEpoch,
            Status = "idle",
            Triage = "finished",
            Snapshot = snapshot,
            PatchJson = "[]",
            SnapshotHash = RevisionHash.OfBytes(snapshot),
            PreviousHash = previous,
            Hash = "",
        };
        return revision with { Hash = RevisionHash.Of(revision) };
    }

    private static JsonElement Read(string text, Action<JsonNode>? change)
    {
        var node = JsonNode.Parse(text)!;
        change?.Invoke(node);
        return JsonSerializer.SerializeToElement(node);
    }

    private static IReadOnlyList<JsonElement> List(JsonElement parent, string name) => [.. parent.GetProperty(name).EnumerateArray()];
}
