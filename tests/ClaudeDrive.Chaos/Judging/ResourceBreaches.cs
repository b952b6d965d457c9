using System.Text.Json;
using ClaudeDrive.Cli.Output;

namespace ClaudeDrive.Chaos.Judging;

/// <summary>
/// Contexts of agents, vaults and so on equal the truth, for those whose newest event arrived: of the others nobody was told, and no sweep covers them.
/// </summary>
internal static class ResourceBreaches
{
    public static IEnumerable<string> Find(Evidence evidence)
    {
        var newest = evidence.Ledger.Items("events")
            .GroupBy(static item => item.Text("resource_id") ?? "", StringComparer.Ordinal)
            .ToDictionary(static group => group.Key, static group => group.MaxBy(static item => item.Text("created_at"), StringComparer.Ordinal), StringComparer.Ordinal);
        var contexts = evidence.Resources.ToLookup(static item => item.Text("resource_id") ?? "", StringComparer.Ordinal);
        foreach (var truth in evidence.Ledger.Items("resources"))
        {
            var id = truth.Text("id") ?? "";
            if (newest.TryGetValue(id, out var told) && told.Child("delivered") is { ValueKind: JsonValueKind.True })
            {
                var shown = contexts[id].Select(Shown).FirstOrDefault() ?? "without a context";
                if (shown != truth.Text("state"))
                {
                    yield return $"{truth.Text("type")} {id} is {truth.Text("state")} and is shown {shown}";
                }
            }
        }
    }

    private static string Shown(JsonElement context) =>
        context.Text("status") is "deleted" or "gone" ? "deleted"
        : context.Child("resource")?.Child("archived_at") is not null ? "archived"
        : context.Child("resource")?.Text("status") ?? "active";
}
