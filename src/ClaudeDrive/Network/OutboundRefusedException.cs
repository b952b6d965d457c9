namespace ClaudeDrive.Network;

/// <summary>A connection or request was refused by <see cref="OutboundGuard"/>. The message names the reason alone.</summary>
internal sealed class OutboundRefusedException(OutboundRefusal refusal) : IOException(refusal.Detail)
{
    /// <summary>The reason.</summary>
    public OutboundRefusal Refusal { get; } = refusal;
}
