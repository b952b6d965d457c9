using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Routing;

namespace ClaudeDrive.Simulator.Api;

/// <summary>Organization webhook endpoints (reference §5). They are kept, not delivered to: the real ones are not live yet either.</summary>
internal static class OrganizationRoutes
{
    private const string Path = "/v1/organizations/webhooks";
    private const int MaxEndpoints = 32;

    private static readonly string[] EventTypes =
    [
        "external_key.failed", "external_key.recovered", "user_profile.enforcement_action_opened",
        "user_profile.enforcement_action_resolved", "user_profile.program_status_updated",
    ];

    public static void Map(IEndpointRouteBuilder app, SimulatorWorld world)
    {
        var endpoints = new List<JsonObject>();
        app.Map(world, "POST", Path, request => Create(world, endpoints, request.Body));
        app.Map(world, "GET", Path, request => List(endpoints, request));
        app.Map(world, "GET", Path + "/{id}", request => With(endpoints, request, ApiAnswer.Ok));
        app.Map(world, "POST", Path + "/{id}", request => With(endpoints, request, endpoint => Update(world, endpoint, request.Body)));
        app.Map(world, "DELETE", Path + "/{id}", request => With(endpoints, request, endpoint =>
        {
            endpoints.Remove(endpoint);
            return ApiAnswer.Ok(new JsonObject { ["id"] = endpoint.Text("id"), ["type"] = "webhook_endpoint_deleted" });
        }));
        app.Map(world, "POST", Path + "/{id}/regenerate_signing_secret", request => With(endpoints, request, endpoint =>
        {
            endpoint["updated_at"] = WireTime.Format(world.Now);
            return ApiAnswer.Ok(new JsonObject { ["signing_secret"] = world.Source.NewSecret(endpoint.Text("id")!, world.Api.NextRequest()) });
        }));
    }

    private static ApiAnswer With(List<JsonObject> endpoints, ApiRequest request, Func<JsonObject, ApiAnswer> handler) =>
        endpoints.Find(endpoint => endpoint.Text("id") == request.Route("id")) is { } found ? handler(found) : ApiAnswer.NotFound("Webhook endpoint");

    private static ApiAnswer Create(SimulatorWorld world, List<JsonObject> endpoints, JsonObject body)
    {
        if (endpoints.Count >= MaxEndpoints)
        {
            return ApiAnswer.Invalid($"At most {MaxEndpoints} endpoints per organization.");
        }

        if (Problem(body) is { } problem)
        {
            return ApiAnswer.Invalid(problem);
        }

        if (body.Text("url") is null || body["enabled_events"] is not JsonArray { Count: > 0 })
        {
            return ApiAnswer.Invalid("url and at least one of enabled_events are required");
        }

        var number = world.Api.NextRequest();
        var now = WireTime.Format(world.Now);
        var endpoint = new JsonObject
        {
            ["id"] = world.Source.NewId("whep", "organization", number),
            ["url"] = body.Text("url"),
            ["name"] = body.Text("name") ?? "",
            ["description"] = body.Text("description") ?? "",
            ["enabled_events"] = body["enabled_events"]!.DeepClone(),
            ["state"] = "enabled",
            ["disabled_reason"] = "",
            ["created_at"] = now,
            ["updated_at"] = now,
        };
        endpoints.Add(endpoint);
        var shown = endpoint.DeepClone().AsObject();
        shown["signing_secret"] = world.Source.NewSecret(endpoint.Text("id")!, number);
        return ApiAnswer.Ok(shown);
    }

    private static ApiAnswer Update(SimulatorWorld world, JsonObject endpoint, JsonObject body)
    {
        if (Problem(body) is { } problem)
        {
            return ApiAnswer.Invalid(problem);
        }

        foreach (var name in (string[])["url", "name", "description", "state"])
        {
            endpoint[name] = body.Text(name) ?? endpoint.Text(name);
        }

        if (body["enabled_events"] is JsonArray { Count: > 0 } events)
        {
            endpoint["enabled_events"] = events.DeepClone();
        }

        if (body.Text("state") is not null)
        {
            endpoint["disabled_reason"] = "";
        }

        endpoint["updated_at"] = WireTime.Format(world.Now);
        return ApiAnswer.Ok(endpoint);
    }

    private static string? Problem(JsonObject body)
    {
        if (body["url"] is not null && !(Uri.TryCreate(body.Text("url"), UriKind.Absolute, out var url) && url.Scheme == Uri.UriSchemeHttps))
        {
            return "url: must be an https address";
        }

        if (body["state"] is not null && body.Text("state") is not ("enabled" or "disabled"))
        {
            return "state: must be enabled or disabled";
        }

        return (body["enabled_events"] as JsonArray ?? []).Any(node => !EventTypes.Contains(node?.ToString()))
            ? "enabled_events: only " + string.Join(", ", EventTypes)
            : null;
    }

    private static ApiAnswer List(List<JsonObject> endpoints, ApiRequest request)
    {
        if (!int.TryParse(request.Query("limit") ?? "20", out var limit) || limit is < 1 or > Paging.MaxLimit)
        {
            return ApiAnswer.Invalid("limit: out of range");
        }

        var sorted = request.Query("order") == "asc" ? endpoints.ToList() : Enumerable.Reverse(endpoints).ToList();
        if (request.Query("after_id") is { } after)
        {
            sorted = [.. sorted.SkipWhile(endpoint => endpoint.Text("id") != after).Skip(1)];
        }

        if (request.Query("before_id") is { } before)
        {
            sorted = [.. sorted.TakeWhile(endpoint => endpoint.Text("id") != before).TakeLast(limit)];
        }

        var page = sorted.Take(limit).ToList();
        return ApiAnswer.Ok(new JsonObject
        {
            ["data"] = new JsonArray([.. page.Select(endpoint => endpoint.DeepClone())]),
            ["has_more"] = sorted.Count > page.Count,
            ["first_id"] = page.Count > 0 ? page[0].Text("id") : null,
            ["last_id"] = page.Count > 0 ? page[^1].Text("id") : null,
        });
    }
}
