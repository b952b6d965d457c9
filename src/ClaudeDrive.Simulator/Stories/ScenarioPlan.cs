using System.Text.Json;
using System.Text.Json.Nodes;

namespace ClaudeDrive.Simulator.Stories;

/// <summary>What <c>--scenario</c> asks for: sessions in order, and whether the other resources play too.</summary>
/// <param name="Sessions">One entry per session to start.</param>
/// <param name="WithResources">Whether agents, vaults and so on are created as well.</param>
internal sealed record ScenarioPlan(IReadOnlyList<PlannedSession> Sessions, bool WithResources)
{
    /// <summary>The scenario names behind one name: itself, or all for <c>mixed</c> and <c>all</c>; <see langword="null"/> when unknown.</summary>
    public static IReadOnlyList<string>? Names(string name) =>
        name is "mixed" or "all" ? ScenarioBook.Names : ScenarioBook.Find(name) is null ? null : [name];

    /// <summary>
    /// Reads a name or a scenario file and repeats it <paramref name="count"/> times. A file is JSON:
    /// <c>{"resources":true,"sessions":[{"scenario":"needs_answer","count":2,"title":"…","metadata":{"team":"a"}}]}</c>; only <c>scenario</c> is required.
    /// Throws <see cref="ArgumentException"/> with the reason when it is neither.
    /// </summary>
    public static ScenarioPlan Read(string nameOrFile, int count)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        var once = Names(nameOrFile) is { } names
            ? new ScenarioPlan([.. names.Select(name => new PlannedSession(ScenarioBook.Find(name)!, null, null))], names.Count > 1)
            : ReadFile(nameOrFile);
        return once with { Sessions = [.. Enumerable.Repeat(once.Sessions, count).SelectMany(sessions => sessions)] };
    }

    private static ScenarioPlan ReadFile(string path)
    {
        if (!File.Exists(path))
        {
            throw new ArgumentException($"'{path}' is neither a scenario ({string.Join(", ", ScenarioBook.Names)}, mixed) nor a file.");
        }

        JsonObject root;
        try
        {
            root = JsonNode.Parse(File.ReadAllText(path)) as JsonObject ?? throw new ArgumentException($"{path}: must be a JSON object.");
        }
        catch (JsonException error)
        {
            throw new ArgumentException($"{path}: not JSON ({error.Message}).", error);
        }

        var sessions = new List<PlannedSession>();
        foreach (var (entry, index) in (root["sessions"] as JsonArray ?? []).Select((node, index) => (node as JsonObject, index)))
        {
            if (entry?.Text("scenario") is not { } name || Names(name) is not { } names)
            {
                throw new ArgumentException($"{path}: sessions[{index}] names no known scenario.");
            }

            var metadata = entry["metadata"] is JsonObject pairs
                ? pairs.ToDictionary(pair => pair.Key, pair => pair.Value?.ToString() ?? "", StringComparer.Ordinal)
                : null;
            var repeat = (int)Math.Clamp(entry.Number("count") ?? 1, 1, 10_000);
            sessions.AddRange(Enumerable.Repeat(names, repeat).SelectMany(list => list)
                .Select(scenario => new PlannedSession(ScenarioBook.Find(scenario)!, entry.Text("title"), metadata)));
        }

        return sessions.Count == 0 ? throw new ArgumentException($"{path}: no sessions.") : new ScenarioPlan(sessions, root.Flag("resources") ?? false);
    }
}
