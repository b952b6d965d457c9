using System.Text.Json.Nodes;
using ClaudeDrive.Simulator.Delivery;

namespace ClaudeDrive.Simulator.Control;

/// <summary><c>/_sim/endpoint</c>: what a person does in the Console of the real service.</summary>
internal static class EndpointControl
{
    private static readonly string[] Names = ["state", "url", "enabled_events", "rotate_secret"];

    /// <summary>Address, subscription and state. Never the secret.</summary>
    public static JsonObject Render(SimulatorWorld world)
    {
        var endpoint = world.Endpoint;
        return new JsonObject
        {
            ["url"] = endpoint.Url?.ToString(),
            ["enabled_events"] = endpoint.EnabledEvents is { } types ? WireJson.Strings(types) : null,
            ["state"] = endpoint.Enabled ? "enabled" : "disabled",
            ["disabled_reason"] = endpoint.DisabledReason,
            ["failing_since"] = endpoint.FailingSince is { } at ? WireTime.Format(at) : null,
        };
    }

    /// <summary>
    /// Any of <c>state</c> (<c>enabled</c>, <c>disabled</c>), <c>url</c>, <c>enabled_events</c> (null = all), <c>rotate_secret</c> (true shows the new secret once).
    /// An empty body enables.
    /// </summary>
    public static ControlAnswer Change(SimulatorWorld world, JsonObject body)
    {
        if (Problem(body) is { } problem)
        {
            return ControlAnswer.Invalid("endpoint_value", problem);
        }

        var endpoint = world.Endpoint;
        if (body.Text("url") is { } url)
        {
            endpoint.Url = new Uri(url);
        }

        if (body.ContainsKey("enabled_events"))
        {
            endpoint.EnabledEvents = body["enabled_events"] is JsonArray types ? [.. types.Select(node => node!.GetValue<string>())] : null;
        }

        if (body.Count == 0 || body.Text("state") == "enabled")
        {
            endpoint.Enable();
        }
        else if (body.Text("state") == "disabled")
        {
            endpoint.Disable("");
        }

        var answer = Render(world);
        if (body.Flag("rotate_secret") == true)
        {
            endpoint.PreviousSecret = endpoint.Secret;
            endpoint.Secret = world.Source.NewSecret("rotated:" + endpoint.PreviousSecret, 1);
            answer["signing_secret"] = endpoint.Secret;
        }

        return ControlAnswer.Ok(answer);
    }

    private static string? Problem(JsonObject body)
    {
        if (body.FirstOrDefault(pair => !Names.Contains(pair.Key)).Key is { } unknown)
        {
            return $"unknown field '{unknown}'";
        }

        if (body["state"] is not null && body.Text("state") is not ("enabled" or "disabled"))
        {
            return "state: must be enabled or disabled";
        }

        if (body["enabled_events"] is { } events && (events is not JsonArray list || list.Any(node => node is not JsonValue value || !value.TryGetValue<string>(out _))))
        {
            return "enabled_events: must be an array of strings or null";
        }

        return body["url"] is null || Uri.TryCreate(body.Text("url"), UriKind.Absolute, out var url) && url.Scheme is "http" or "https"
            ? null
            : "url: must be an absolute http or https address";
    }
}
