namespace ClaudeDrive.Contexts;

/// <summary>What stands in a revision whose content was dropped. Its hashes stay, so the chain can still be followed, though no longer computed.</summary>
internal static class DroppedContent
{
    /// <summary>The patch.</summary>
    public const string Patch = "[]";

    private static readonly byte[] Bytes = """{"blockers":[],"resource":null,"content_dropped":true}"""u8.ToArray();

    /// <summary>The snapshot.</summary>
    public static ReadOnlyMemory<byte> Snapshot => Bytes;

    /// <summary>True when the revision's content was dropped.</summary>
    public static bool IsDropped(ContextRevision revision) => revision.Snapshot.Span.SequenceEqual(Bytes) && revision.PatchJson == Patch;
}
