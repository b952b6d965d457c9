using System.Globalization;
using System.Text;
using System.Text.Json;
using ClaudeDrive.Chaos.Judging;
using ClaudeDrive.Chaos.Load;
using ClaudeDrive.Chaos.Nodes;
using ClaudeDrive.Cli;
using ClaudeDrive.Cli.Api;
using ClaudeDrive.Cli.Demo;
using ClaudeDrive.Cli.Output;
using ClaudeDrive.Contexts;
using ClaudeDrive.Ingest;

namespace ClaudeDrive.Chaos.Running;

/// <summary>Reads from the settled nodes what the judges need beyond the two sides.</summary>
internal static class EvidenceReader
{
    /// <summary>Requests at the same time. Chosen: what one node answers without queueing on a small machine.</summary>
    private const int Concurrency = 4;

    /// <summary>Adds to the two sides and the people's record whatever the nodes themselves can tell.</summary>
    public static async Task<Evidence> ReadAsync(ChaosWorld world, Settling settling, Evidence both, CancellationToken cancellationToken)
    {
        using var api = world.ClientOf(world.Nodes[0]);
        List<NodeEvidence> nodes = [];
        foreach (var node in world.Nodes)
        {
            using var client = world.ClientOf(node);
            nodes.Add(await NodeAsync(node, client, cancellationToken));
        }

        return both with
        {
            Resources = await ResourcesAsync(api, cancellationToken),
            Chains = await ChainsAsync(api, both.View, cancellationToken),
            AnswerSteps = await AnswerStepsAsync(api, both.Answers, cancellationToken),
            DeadLetters = settling.DeadLetters,
            Nodes = nodes,
            NotExercised = world.DiskProblem is { } problem ? [$"not exercised: full disk ({problem}); --without disk-full leaves it out on purpose"] : [],
        };
    }

    /// <summary>Every revision of every session, whole.</summary>
    private static async Task<IReadOnlyDictionary<string, IReadOnlyList<ContextRevision>>> ChainsAsync(
        ApiClient api, DemoView view, CancellationToken cancellationToken)
    {
        Dictionary<string, ContextRevision[]> chains = new(StringComparer.Ordinal);
        foreach (var session in view.Sessions)
        {
            chains[session.Text("session_id") ?? ""] = new ContextRevision[session.Number("revision") ?? 0];
        }

        var wanted = chains.SelectMany(static chain => chain.Value.Select((_, index) => (Id: chain.Key, Chain: chain.Value, Index: index)));
        var options = new ParallelOptions { MaxDegreeOfParallelism = Concurrency, CancellationToken = cancellationToken };
        await Parallel.ForEachAsync(wanted, options, async (one, token) =>
        {
            var number = (one.Index + 1).ToString(CultureInfo.InvariantCulture);
            one.Chain[one.Index] = Revision(one.Id, (await api.GetAsync(ApiPath.Of("sessions", one.Id, "revisions", number), token)).Root);
        });
        return chains.ToDictionary(static chain => chain.Key, static chain => (IReadOnlyList<ContextRevision>)chain.Value, StringComparer.Ordinal);
    }

    /// <summary>Contexts of every kind but sessions.</summary>
    private static async Task<IReadOnlyList<JsonElement>> ResourcesAsync(ApiClient api, CancellationToken cancellationToken) =>
        [.. (await ListPages.ReadAllAsync(api, ApiPath.Of("resources"), [new("limit", "200")], cancellationToken)).Root.Items("data")];

    /// <summary>Of items that were acknowledged more than once: how often they became <c>answered</c>.</summary>
    private static async Task<IReadOnlyDictionary<string, int>> AnswerStepsAsync(
        ApiClient api, IEnumerable<AnswerRecord> answers, CancellationToken cancellationToken)
    {
        Dictionary<string, int> steps = new(StringComparer.Ordinal);
        foreach (var answer in answers.Where(static answer => answer.Acknowledged > 1))
        {
            var history = (await api.GetAsync(ApiPath.Of("reviews", answer.ReviewId), cancellationToken)).Root.Items("history");
            steps[answer.ReviewId] = history.Count(static step => step.Text("to") == "answered" && step.Text("from") is "open" or "claimed");
        }

        return steps;
    }

    /// <summary>One node.</summary>
    private static async Task<NodeEvidence> NodeAsync(Node node, ApiClient api, CancellationToken cancellationToken)
    {
        JsonElement? stats = null;
        try
        {
            stats = (await api.GetAsync(ApiPath.Of("stats"), cancellationToken)).Root;
        }
        catch (CliException)
        {
            // It does not answer, which is a breach of its own.
        }

        var spool = Path.Combine(node.Parts.Setup.DataDirectory, "spool");
        string[] files = Directory.Exists(spool) ? [.. Directory.GetFiles(spool).Select(static file => Path.GetFileName(file))] : [];
        return new NodeEvidence(node.Number, stats, files, node.Exits, node.Parts.Log.Leaks);
    }

    private static ContextRevision Revision(string sessionId, JsonElement shown) => new()
    {
        Resource = ResourceKey.Session(sessionId),
        Number = (int)(shown.Number("revision") ?? 0),
        Cause = shown.Text("cause") ?? "",
        EventIds = [.. shown.Items("event_ids").Select(static id => id.GetString()!)],
        RequestIds = [.. shown.Items("request_ids").Select(static id => id.GetString()!)],
        AsOf = Instant(shown, "as_of"),
        FetchedAt = Instant(shown, "fetched_at"),
        RecordedAt = Instant(shown, "recorded_at"),
        Status = shown.Text("status") ?? "",
        Triage = shown.Text("triage"),
        Snapshot = Encoding.UTF8.GetBytes(shown.GetProperty("snapshot").GetRawText()),
        PatchJson = shown.GetProperty("patch").GetRawText(),
        SnapshotHash = shown.Text("snapshot_hash") ?? "",
        PreviousHash = shown.Text("previous_hash") ?? "",
        Hash = shown.Text("hash") ?? "",
    };

    private static DateTimeOffset Instant(JsonElement shown, string name) => shown.Instant(name) ?? DateTimeOffset.MinValue;
}
