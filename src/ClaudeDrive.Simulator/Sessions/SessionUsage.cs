using System.Globalization;
using System.Text.Json.Nodes;

namespace ClaudeDrive.Simulator.Sessions;

/// <summary>What a session has used so far.</summary>
internal sealed class SessionUsage
{
    /// <summary>Tokens read.</summary>
    public long InputTokens { get; private set; }

    /// <summary>Tokens written.</summary>
    public long OutputTokens { get; private set; }

    /// <summary>List cost in minor units of USD.</summary>
    public long Cost { get; private set; }

    /// <summary>Seconds of work.</summary>
    public double ActiveSeconds { get; private set; }

    /// <summary>Adds one model request.</summary>
    public void Add(long input, long output, long cost)
    {
        InputTokens += input;
        OutputTokens += output;
        Cost += cost;
        ActiveSeconds += 1.25;
    }

    /// <summary>The wire form, for the session object and <c>session.usage</c>.</summary>
    public JsonObject Render() => new()
    {
        ["input_tokens"] = InputTokens,
        ["output_tokens"] = OutputTokens,
        ["cache_read_input_tokens"] = 0,
        ["cache_creation"] = new JsonObject { ["ephemeral_5m_input_tokens"] = 0, ["ephemeral_1h_input_tokens"] = 0 },
        ["list_cost"] = Money(Cost),
        ["active_seconds"] = ActiveSeconds,
    };

    /// <summary>An amount of USD: an integer decimal string in minor units.</summary>
    public static JsonObject Money(long minorUnits) => new()
    {
        ["amount"] = minorUnits.ToString(CultureInfo.InvariantCulture),
        ["currency"] = "USD",
    };

    /// <summary>A spending cap on the wire, or <see langword="null"/>.</summary>
    public static JsonObject? Limit(long? minorUnits) =>
        minorUnits is { } amount ? new JsonObject { ["type"] = "limit", ["max_list_cost"] = Money(amount) } : null;
}
