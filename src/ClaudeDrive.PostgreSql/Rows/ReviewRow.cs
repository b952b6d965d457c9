using System.Globalization;
using ClaudeDrive.Contexts;
using ClaudeDrive.PostgreSql.Connections;
using ClaudeDrive.Review;

namespace ClaudeDrive.PostgreSql.Rows;

/// <summary>A review item with what only the store knows of it; read in the order of <c>ReviewColumns</c>.</summary>
/// <param name="Item">The item as stored.</param>
/// <param name="Version">Grows with every change: a change is made only to the version it was decided on.</param>
/// <param name="AnsweredRevision">Revision of the session's context when the answer was given; null without an answer.</param>
/// <param name="DueAt">When it is to be sent; while sending, the end of the lease; else null.</param>
/// <param name="Token">Fencing token while sending; else null.</param>
/// <param name="ReadAt">The store's clock when it was read.</param>
internal sealed record ReviewRow(ReviewItem Item, int Version, int? AnsweredRevision, DateTimeOffset? DueAt, long? Token, DateTimeOffset ReadAt)
{
    private const string Prefix = "rev_";

    /// <summary>True for a claim whose time is over.</summary>
    public bool HasLapsed => Item.State == ReviewState.Claimed && Item.ClaimExpiresAt is { } ends && ends <= ReadAt;

    /// <summary>Position named by a review id; null when it is not one of ours.</summary>
    public static long? FindSeq(string reviewId) =>
        reviewId.StartsWith(Prefix, StringComparison.Ordinal)
        && long.TryParse(reviewId.AsSpan(Prefix.Length), NumberStyles.None, CultureInfo.InvariantCulture, out var seq)
        && FormatId(seq) == reviewId ? seq : null;

    /// <summary>The review id of a position.</summary>
    public static string FormatId(long seq) => string.Create(CultureInfo.InvariantCulture, $"{Prefix}{seq}");

    /// <summary>The row as everybody sees it: a lapsed claim is none.</summary>
    public ReviewRow AsSeen() => HasLapsed
        ? this with { Item = Item with { State = ReviewState.Open, ClaimedBy = null, ClaimExpiresAt = null, ChangedAt = Item.ClaimExpiresAt!.Value } }
        : this;

    /// <summary>Reads a row.</summary>
    public static ReviewRow Read(Row row)
    {
        var seq = row.Int64();
        var version = row.Int32();
        var sessionId = row.Text();
        var blocker = new Blocker
        {
            BlockingEventId = row.Text(),
            Kind = row.Text(),
            ToolName = row.TextOrNull(),
            InputJson = row.TextOrNull(),
            InputHash = row.Text(),
            SessionThreadId = row.TextOrNull(),
            Since = row.InstantOrNull(),
        };
        var item = new ReviewItem
        {
            ReviewId = FormatId(seq),
            Seq = seq,
            SessionId = sessionId,
            Blocker = blocker,
            State = (ReviewState)row.Int32(),
            OpenedAt = row.Instant(),
            OpenedRevision = row.Int32(),
            ClaimedBy = row.TextOrNull(),
            ClaimExpiresAt = row.InstantOrNull(),
            AnsweredBy = row.TextOrNull(),
            AnsweredAt = row.InstantOrNull(),
            ChangedAt = default,
        };
        var answeredRevision = row.Int32OrNull();
        item = item with
        {
            AnswerJson = row.TextOrNull(),
            SendAttempts = row.Int32(),
            Problem = row.TextOrNull(),
            AnswerEventId = row.TextOrNull(),
            ChangedAt = row.Instant(),
        };
        return new ReviewRow(item, version, answeredRevision, row.InstantOrNull(), row.Int64OrNull(), row.Instant());
    }

    /// <summary>Reads a step.</summary>
    public static ReviewStep ReadStep(Row row) => new(
        row.Int64(), FormatId(row.Int64()), row.Text(), row.Instant(), (ReviewState?)row.Int32OrNull(), (ReviewState)row.Int32(), row.Text(),
        row.TextOrNull());
}
