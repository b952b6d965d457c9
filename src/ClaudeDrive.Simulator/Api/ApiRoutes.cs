using System.Text.Json;
using System.Text.Json.Nodes;
using ClaudeDrive.Simulator.Faults;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace ClaudeDrive.Simulator.Api;

/// <summary>Connects paths with handlers. A handler is a plain function from request to answer; it runs under the world's lock.</summary>
internal static class ApiRoutes
{
    private const long MaxBody = 32 * 1024 * 1024;

    /// <summary>Maps every <c>/v1</c> route.</summary>
    public static void Map(IEndpointRouteBuilder app, SimulatorWorld world)
    {
        SessionRoutes.Map(app, world);
        EventRoutes.Map(app, world);
        ThreadRoutes.Map(app, world);
        SessionResourceRoutes.Map(app, world);
        ResourceRoutes.Map(app, world);
        OrganizationRoutes.Map(app, world);
    }

    /// <summary>Maps one route to one handler.</summary>
    public static void Map(this IEndpointRouteBuilder app, SimulatorWorld world, string method, string pattern, Func<ApiRequest, ApiAnswer> handler) =>
        app.MapMethods(pattern, [method], async context =>
        {
            var (body, problem) = await ReadAsync(context);
            ApiAnswer answer;
            if (problem is not null)
            {
                answer = problem;
            }
            else
            {
                lock (world.Gate)
                {
                    answer = handler(new ApiRequest(context, body));
                }
            }

            if (answer.StoredUserEvents && world.Faults.Hits(FaultName.DropResponseAfterCommit, "send", world.UserEvents.Count))
            {
                world.Report("fault", name: FaultName.DropResponseAfterCommit, detail: context.Request.Path);
                context.Abort();
                return;
            }

            await ApiGate.WriteAsync(context, answer);
        });

    private static async Task<(JsonObject Body, ApiAnswer? Problem)> ReadAsync(HttpContext context)
    {
        if (context.Request.ContentLength > MaxBody)
        {
            return ([], new ApiAnswer(413, null, "request_too_large", "Request exceeds the maximum size."));
        }

        if (context.Request.Method is "GET" or "DELETE" || context.Request.ContentLength is 0)
        {
            return ([], null);
        }

        using var buffer = new MemoryStream();
        await context.Request.Body.CopyToAsync(buffer, context.RequestAborted);
        if (buffer.Length == 0)
        {
            return ([], null);
        }

        try
        {
            return JsonNode.Parse(buffer.ToArray()) is JsonObject body ? (body, null) : ([], ApiAnswer.Invalid("The body must be a JSON object."));
        }
        catch (JsonException)
        {
            return ([], ApiAnswer.Invalid("The body is not valid JSON."));
        }
    }
}
