namespace ClaudeDrive.AspNetCore.Http;

/// <summary>How reading a body ended.</summary>
internal enum BodyEnd
{
    /// <summary>All of it was read.</summary>
    Complete,

    /// <summary>It is, or announces to be, larger than allowed.</summary>
    TooLarge,

    /// <summary>It broke off, came too slowly, or was framed wrongly.</summary>
    Broken,

    /// <summary>The sender went away: nobody waits for an answer.</summary>
    Gone,
}
