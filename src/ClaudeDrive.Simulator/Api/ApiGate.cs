using System.Security.Cryptography;
using System.Text;
using ClaudeDrive.Simulator.Faults;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace ClaudeDrive.Simulator.Api;

/// <summary>Runs before every <c>/v1</c> route: request id, credentials, beta header, counters, injected faults, errors.</summary>
internal sealed class ApiGate(SimulatorWorld world, RequestDelegate next)
{
    private const string RequestIdKey = "simulator.request_id";

    /// <summary>The id of this request, <c>req_…</c>.</summary>
    public static string RequestId(HttpContext context) => (string)context.Items[RequestIdKey]!;

    /// <summary>Answers the request or passes it on.</summary>
    public async Task InvokeAsync(HttpContext context)
    {
        if (!context.Request.Path.StartsWithSegments("/v1"))
        {
            await next(context);
            return;
        }

        var number = world.Api.NextRequest();
        Stamp(context, number);
        if (Refusal(context) is { } refusal)
        {
            await WriteAsync(context, refusal);
            return;
        }

        world.Api.Count(context.Request.Method, (context.GetEndpoint() as RouteEndpoint)?.RoutePattern.RawText ?? "(unknown)");
        if (await InjectAsync(context, number))
        {
            return;
        }

        await next(context);
        if (!context.Response.HasStarted && context.Response.StatusCode is 404 or 405)
        {
            await WriteAsync(context, ApiAnswer.NotFound("Resource"));
        }
    }

    /// <summary>Writes an answer, error or not.</summary>
    public static async Task WriteAsync(HttpContext context, ApiAnswer answer)
    {
        context.Response.StatusCode = answer.Status;
        context.Response.ContentType = "application/json";
        var body = Encoding.UTF8.GetBytes(answer.Body ?? answer.ErrorBody(RequestId(context)));
        context.Response.ContentLength = body.Length;
        await context.Response.Body.WriteAsync(body, context.RequestAborted);
    }

    private void Stamp(HttpContext context, long number)
    {
        var id = world.Source.NewId("req", "request", number);
        context.Items[RequestIdKey] = id;
        context.Response.Headers["request-id"] = id;
        context.Response.Headers["anthropic-organization-id"] = world.OrganizationId;
        context.Response.Headers["anthropic-workspace-id"] = world.WorkspaceId;
    }

    private ApiAnswer? Refusal(HttpContext context)
    {
        var key = Key(context.Request.Headers);
        if (string.IsNullOrEmpty(key) || (world.Options.ApiKey is { } expected && !Same(key, expected)))
        {
            return new ApiAnswer(401, null, "authentication_error", "invalid credentials");
        }

        var betas = context.Request.Headers["anthropic-beta"].OfType<string>()
            .SelectMany(value => value.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
            .ToList();
        return BetaRules.Problem(context.Request.Path.Value!, betas);
    }

    private static string? Key(IHeaderDictionary headers)
    {
        const string Bearer = "Bearer ";
        var authorization = headers.Authorization.ToString();
        return authorization.StartsWith(Bearer, StringComparison.OrdinalIgnoreCase) ? authorization[Bearer.Length..].Trim() : headers["x-api-key"].ToString();
    }

    private static bool Same(string given, string expected) =>
        CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(given), Encoding.UTF8.GetBytes(expected));

    private async Task<bool> InjectAsync(HttpContext context, long number)
    {
        var fault = new[] { FaultName.ApiTimeout, FaultName.Api429, FaultName.Api500, FaultName.Api529 }
            .FirstOrDefault(name => world.Faults.Hits(name, "api", number));
        if (fault is null)
        {
            return false;
        }

        world.Report("fault", name: fault, detail: context.Request.Method + " " + context.Request.Path);
        if (fault == FaultName.ApiTimeout)
        {
            using var ended = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, world.Stopping);
            await Task.Delay(world.Options.ApiTimeoutHold, world.Options.Clock, ended.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            context.Abort();
            return true;
        }

        if (fault == FaultName.Api429 && world.Source.Draw("retry-after", "api", number) < 0.5)
        {
            context.Response.Headers.RetryAfter = ((int)Math.Ceiling(world.Options.RetryAfter.TotalSeconds)).ToString(System.Globalization.CultureInfo.InvariantCulture);
        }

        await WriteAsync(context, fault switch
        {
            FaultName.Api429 => new ApiAnswer(429, null, "rate_limit_error", "Too many requests."),
            FaultName.Api500 => new ApiAnswer(500, null, "api_error", "Internal server error."),
            _ => new ApiAnswer(529, null, "overloaded_error", "Overloaded."),
        });
        return true;
    }
}
