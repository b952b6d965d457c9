using System.Text.Json;
using System.Text.Json.Nodes;
using ClaudeDrive.Simulator.Faults;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace ClaudeDrive.Simulator.Control;

/// <summary>The routes under <c>/_sim</c>: ledger, sessions, faults, endpoint, burst, counters. They need no key: they exist only in the simulator.</summary>
internal static class ControlRoutes
{
    public static void Map(IEndpointRouteBuilder app, SimulatorWorld world)
    {
        Map(app, world, "GET", "/_sim/ledger", _ => ControlAnswer.Ok(Ledger.Render(world)));
        Map(app, world, "POST", "/_sim/sessions", body => SessionControl.Start(world, body));
        Map(app, world, "GET", "/_sim/faults", _ => ControlAnswer.Ok(FaultControl.Render(world)));
        Map(app, world, "POST", "/_sim/faults", body => FaultControl.Set(world, body));
        Map(app, world, "GET", "/_sim/endpoint", _ => ControlAnswer.Ok(EndpointControl.Render(world)));
        Map(app, world, "POST", "/_sim/endpoint", body => EndpointControl.Change(world, body));
        Map(app, world, "POST", "/_sim/burst", body => SessionControl.Burst(world, body));
        Map(app, world, "POST", "/_sim/reset-counters", _ =>
        {
            world.Api.Reset();
            return ControlAnswer.Ok(new JsonObject { ["reads"] = 0, ["writes"] = 0 });
        });
    }

    private static void Map(IEndpointRouteBuilder app, SimulatorWorld world, string method, string pattern, Func<JsonObject, ControlAnswer> handler) =>
        app.MapMethods(pattern, [method], async context =>
        {
            ControlAnswer answer;
            if (await ReadAsync(context) is { } body)
            {
                lock (world.Gate)
                {
                    answer = handler(body);
                }
            }
            else
            {
                answer = ControlAnswer.Invalid("body_malformed", "The body must be a JSON object.");
            }

            context.Response.StatusCode = answer.Status;
            context.Response.ContentType = answer.Status == 200 ? "application/json" : "application/problem+json";
            await context.Response.WriteAsync(answer.Body.ToJsonString(WireJson.Options), context.RequestAborted);
        });

    private static async Task<JsonObject?> ReadAsync(HttpContext context)
    {
        if (context.Request.Method == "GET")
        {
            return [];
        }

        try
        {
            using var buffer = new MemoryStream();
            await context.Request.Body.CopyToAsync(buffer, context.RequestAborted);
            return buffer.Length == 0 ? [] : JsonNode.Parse(buffer.ToArray()) as JsonObject;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
