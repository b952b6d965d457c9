namespace ClaudeDrive.Network;

/// <summary>Why an address that somebody entered is not used: one of few fixed values. Holds nothing of the address; safe to answer and to log.</summary>
internal sealed class OutboundRefusal
{
    /// <summary>No absolute address, too long, with a user or a password in it, or with a host that readers understand differently.</summary>
    public static readonly OutboundRefusal Malformed = new("url_malformed", "The address is not an absolute one, or has a user, a password or an unclear host in it.");

    /// <summary>Another scheme than https; http is for hosts that the setting names.</summary>
    public static readonly OutboundRefusal Scheme = new("url_scheme_not_allowed", "The address must begin with https://.");

    /// <summary>A port of another kind of service.</summary>
    public static readonly OutboundRefusal Port = new("url_port_not_allowed", "The address must have the port 80 or 443, or one from 1024 on.");

    /// <summary>The host is, or resolves to, an address that is not of the open internet and that the setting does not allow.</summary>
    public static readonly OutboundRefusal Address = new(
        "url_address_not_allowed", "The host is not on the open internet. ClaudeDrive:OutboundAllow allows addresses, ranges and hosts.");

    /// <summary>The name cannot be resolved now. May pass.</summary>
    public static readonly OutboundRefusal Unresolved = new("url_host_unresolved", "The host's name cannot be resolved.");

    private OutboundRefusal(string code, string detail) => (Code, Detail) = (code, detail);

    /// <summary>Stable code.</summary>
    public string Code { get; }

    /// <summary>One sentence for people; always the same for one code.</summary>
    public string Detail { get; }

    /// <inheritdoc cref="Code"/>
    public override string ToString() => Code;
}
