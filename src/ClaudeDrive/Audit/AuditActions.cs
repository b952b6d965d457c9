namespace ClaudeDrive.Audit;

/// <summary>What the audit log tells of. Names are stable: people filter by them.</summary>
internal static class AuditActions
{
    public const string TeamCreated = "team.create";
    public const string TeamDeleted = "team.delete";
    public const string MemberAdded = "team.member.add";
    public const string MemberRemoved = "team.member.remove";
    public const string GrantAdded = "team.grant.add";
    public const string GrantRemoved = "team.grant.remove";
    public const string KeyCreated = "key.create";
    public const string KeyRevoked = "key.revoke";
    public const string ReviewClaimed = "review.claim";
    public const string ReviewReleased = "review.release";
    public const string ReviewAnswered = "review.answer";
    public const string EventReplayed = "event.replay";
    public const string DeadLettersRetried = "dead_letters.retry";
    public const string DeadLettersDiscarded = "dead_letters.discard";
    public const string TranscriptRead = "transcript.read";
    public const string GlassBroken = "break_glass.open";
    public const string GlassUsed = "break_glass.use";
    public const string GlassClosed = "break_glass.close";
    public const string AuditExported = "audit.export";
}
