using System.Text.Json;
using ClaudeDrive.Cli.Api;
using ClaudeDrive.Cli.Output;

namespace ClaudeDrive.Cli.Demo;

/// <summary>What ClaudeDrive shows through its API at one moment.</summary>
/// <param name="Sessions">Every session's context.</param>
/// <param name="Transcripts">Ids of the session events, in order, by session.</param>
/// <param name="Events">Every stored event.</param>
/// <param name="Reviews">Every review item.</param>
/// <param name="Stats">The counts.</param>
internal sealed record DemoView(
    IReadOnlyList<JsonElement> Sessions,
    IReadOnlyDictionary<string, IReadOnlyList<string>> Transcripts,
    IReadOnlyList<JsonElement> Events,
    IReadOnlyList<JsonElement> Reviews,
    JsonElement Stats)
{
    private static readonly KeyValuePair<string, string>[] WidestPage = [new("limit", "200")];

    /// <summary>Reads it all. Throws <see cref="CliException"/> when the server does not answer.</summary>
    public static async Task<DemoView> ReadAsync(ApiClient api, CancellationToken cancellationToken)
    {
        var sessions = await ListAsync(api, ApiPath.Of("sessions"), cancellationToken);
        Dictionary<string, IReadOnlyList<string>> transcripts = new(StringComparer.Ordinal);
        foreach (var id in sessions.Select(static session => session.Text("session_id") ?? ""))
        {
            var rows = await ListAsync(api, ApiPath.Of("sessions", id, "transcript"), cancellationToken);
            transcripts[id] = [.. rows.Select(static row => row.Text("id") ?? "")];
        }

        return new DemoView(
            sessions,
            transcripts,
            await ListAsync(api, ApiPath.Of("events"), cancellationToken),
            await ListAsync(api, ApiPath.Of("reviews"), cancellationToken),
            (await api.GetAsync(ApiPath.Of("stats"), cancellationToken)).Root);
    }

    private static async Task<IReadOnlyList<JsonElement>> ListAsync(ApiClient api, string path, CancellationToken cancellationToken) =>
        [.. (await ListPages.ReadAllAsync(api, path, WidestPage, cancellationToken)).Root.Items("data")];
}
