using ClaudeDrive.Redaction;

namespace ClaudeDrive.Hosting;

/// <summary>
/// What is taken out of everything that is fetched before it is stored; section <c>ClaudeDrive:Redaction</c>. It is for ever, and for what is fetched from
/// then on: what is stored already stays. Webhook payloads are stored as signed; they hold ids only.
/// </summary>
public sealed class RedactionOptions
{
    /// <summary>The rules, at most 100, applied in their order.</summary>
    /// <value>None.</value>
    public IList<RedactionRule> Rules { get; } = [];
}
