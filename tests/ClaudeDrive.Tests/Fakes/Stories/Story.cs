using System.Text.Json;
using ClaudeDrive.Contexts;

namespace ClaudeDrive.Tests.Fakes.Stories;

/// <summary>
/// What really happened to one session, by Claude's clock in milliseconds after <see cref="Make.Start"/>: the truth that contexts and review items are held
/// against. It is written without any code of the product's folding.
/// </summary>
internal sealed class Story
{
    public const string SessionId = "sesn_1";

    /// <summary>In the order of the API's list: by instant, ties as they were appended.</summary>
    public required IReadOnlyList<StoryEvent> Events { get; init; }

    /// <summary>The object as it was from an instant on.</summary>
    public required IReadOnlyList<(long At, JsonElement Json)> Versions { get; init; }

    /// <summary>The webhooks that Claude emits.</summary>
    public required IReadOnlyList<StoryNotice> Notices { get; init; }

    /// <summary>Everything that the session ever waited on.</summary>
    public required IReadOnlyList<StoryWait> Waits { get; init; }

    public required long? DeletedAt { get; init; }

    /// <summary>Status at the end.</summary>
    public required string Status { get; init; }

    /// <summary>Why it is idle at the end, as <see cref="Triages"/>; null while it is not.</summary>
    public required string? Triage { get; init; }

    /// <summary>When everything that happened is visible.</summary>
    public required long End { get; init; }

    public static double Seconds(long milliseconds) => milliseconds / 1000.0;

    public static DateTimeOffset Instant(long milliseconds) => Plans.At(Seconds(milliseconds));

    /// <summary>The object as a read shows it that is this fresh; null when the session is deleted.</summary>
    public JsonElement? ObjectAt(long now) => now >= DeletedAt ? null : Versions.Last(version => version.At <= now || version.At == 0).Json;

    /// <summary>The list as a read shows it: what is visible, what is queued last.</summary>
    public JsonElement[] EventsAt(long now, DateTimeOffset since)
    {
        List<JsonElement> settled = [];
        List<JsonElement> queued = [];
        foreach (var item in Events)
        {
            if (item.VisibleAt <= now)
            {
                if (RevisionHash.Truncate(Instant(item.At)) >= since)
                {
                    settled.Add(item.Json);
                }
            }
            else if (item.QueuedAt <= now)
            {
                queued.Add(item.QueuedJson);
            }
        }

        return [.. settled, .. queued];
    }

    /// <summary>What it waits on at an instant, in order.</summary>
    public IEnumerable<StoryWait> WaitsAt(long now) => Waits.Where(wait => wait.From <= now && !(wait.Until <= now));
}

/// <summary>One event of the session's list.</summary>
internal sealed record StoryEvent(string Id, long At, long VisibleAt, long? QueuedAt, Func<double?, JsonElement> Make)
{
    private JsonElement? _json;
    private JsonElement? _queued;

    public JsonElement Json => _json ??= Make(Story.Seconds(At));

    public JsonElement QueuedJson => _queued ??= Make(null);
}

/// <summary>One webhook as Claude emits it.</summary>
internal readonly record struct StoryNotice(string EventType, long CreatedAt);

/// <summary>One thing that the session waited on.</summary>
internal sealed record StoryWait(string EventId, string Kind, string? Tool, long From)
{
    /// <summary>When it waited no more; null: it still does.</summary>
    public long? Until { get; set; }
}
