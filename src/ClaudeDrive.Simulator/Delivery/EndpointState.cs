namespace ClaudeDrive.Simulator.Delivery;

/// <summary>The one workspace endpoint deliveries go to. Guarded by the world's lock.</summary>
internal sealed class EndpointState
{
    /// <summary>Reason texts as Anthropic documents them (reference §1.6).</summary>
    public const string RedirectReason = "auto-disabled: endpoint URL returned a redirect (3xx)";

    /// <inheritdoc cref="RedirectReason"/>
    public const string AddressReason = "auto-disabled: endpoint URL resolved to an invalid address";

    /// <inheritdoc cref="RedirectReason"/>
    public const string SustainedReason = "auto-disabled after sustained delivery failures";

    /// <summary>Where deliveries go; <see langword="null"/> = nowhere.</summary>
    public Uri? Url { get; set; }

    /// <summary>The secret deliveries are signed with.</summary>
    public required string Secret { get; set; }

    /// <summary>The secret before the last rotation; used by the fault <c>two_signatures</c>.</summary>
    public required string PreviousSecret { get; set; }

    /// <summary>Subscribed types; <see langword="null"/> = all.</summary>
    public IReadOnlyList<string>? EnabledEvents { get; set; }

    /// <summary>Why it is disabled; empty while enabled.</summary>
    public string DisabledReason { get; private set; } = "";

    /// <summary>Whether deliveries go out.</summary>
    public bool Enabled { get; private set; } = true;

    /// <summary>Start of the present run of failures.</summary>
    public DateTimeOffset? FailingSince { get; private set; }

    /// <summary>Why an event of this type would not be sent now, or <see langword="null"/>.</summary>
    public string? Suppression(string eventType)
    {
        if (EnabledEvents is { } types && !types.Contains(eventType, StringComparer.Ordinal))
        {
            return "not_subscribed";
        }

        return !Enabled ? "disabled" : Url is null ? "no_target" : null;
    }

    /// <summary>Counts one genuine attempt; returns <see langword="true"/> when it disabled the endpoint.</summary>
    public bool Record(AttemptOutcome outcome, DateTimeOffset now, TimeSpan sustainedLimit)
    {
        if (outcome == AttemptOutcome.Delivered)
        {
            FailingSince = null;
            return false;
        }

        FailingSince ??= now;
        var reason = outcome switch
        {
            AttemptOutcome.Redirected => RedirectReason,
            AttemptOutcome.InvalidAddress => AddressReason,
            _ => now - FailingSince >= sustainedLimit ? SustainedReason : null,
        };
        return reason is not null && Disable(reason);
    }

    /// <summary>Switches deliveries off; <see langword="false"/> when they already were.</summary>
    public bool Disable(string reason)
    {
        var changed = Enabled;
        Enabled = false;
        DisabledReason = changed ? reason : DisabledReason;
        return changed;
    }

    /// <summary>Switches deliveries on. Nothing emitted meanwhile is sent again.</summary>
    public void Enable()
    {
        Enabled = true;
        DisabledReason = "";
        FailingSince = null;
    }
}
