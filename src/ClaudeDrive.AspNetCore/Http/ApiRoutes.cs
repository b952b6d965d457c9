using ClaudeDrive.Access;
using ClaudeDrive.AspNetCore.Access;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Routing.Patterns;

namespace ClaudeDrive.AspNetCore.Http;

/// <summary>Maps the routes of the API. A role is asked for with each route, so none can be forgotten; every outcome ends as JSON.</summary>
internal sealed class ApiRoutes(IEndpointRouteBuilder endpoints, string prefix)
{
    private readonly Dictionary<string, List<string>> _methods = new(StringComparer.Ordinal);

    public ApiRoute Get(
        string pattern, CallerRole role, Func<HttpContext, Task<ApiReply>> answer, AccessReach reach = AccessReach.Anywhere) =>
        Map(HttpMethods.Get, pattern, new AccessRule(role, reach), c => WriteAsync(c, answer));

    public ApiRoute Post(
        string pattern, CallerRole role, Func<HttpContext, Task<ApiReply>> answer, AccessReach reach = AccessReach.Anywhere) =>
        Map(HttpMethods.Post, pattern, new AccessRule(role, reach), c => WriteAsync(c, answer));

    public ApiRoute Delete(
        string pattern, CallerRole role, Func<HttpContext, Task<ApiReply>> answer, AccessReach reach = AccessReach.Anywhere) =>
        Map(HttpMethods.Delete, pattern, new AccessRule(role, reach), c => WriteAsync(c, answer));

    /// <summary>Maps a route that writes its own answer.</summary>
    public ApiRoute GetStream(string pattern, CallerRole role, RequestDelegate answer, AccessReach reach = AccessReach.Anywhere) =>
        Map(HttpMethods.Get, pattern, new AccessRule(role, reach), answer);

    /// <summary>Maps what remains: wrong methods (405) and unknown paths (404). Call last.</summary>
    public void MapRest()
    {
        foreach (var (pattern, methods) in _methods)
        {
            var allow = string.Join(", ", methods);
            var wrongMethod = new Problem(405, ProblemCodes.MethodNotAllowed, $"This path answers to {allow}.");
            Wrap(endpoints.Map(pattern, ApiGate.Wrap(new AccessRule(CallerRole.Viewer), context =>
            {
                context.Response.Headers.Allow = allow;
                return ProblemWriter.WriteAsync(context, wrongMethod);
            })), CallerRole.Viewer);
        }

        var unknown = Problem.NotFound("There is no such path.");
        Wrap(
            endpoints.Map(
                $"{prefix}/{{**rest}}", ApiGate.Wrap(new AccessRule(CallerRole.Viewer), c => ProblemWriter.WriteAsync(c, unknown))),
            CallerRole.Viewer);
    }

    private static void Wrap(IEndpointConventionBuilder builder, CallerRole role) =>
        builder.WithAccess(new AccessRule(role)).ExcludeFromDescription();

    private static async Task WriteAsync(HttpContext context, Func<HttpContext, Task<ApiReply>> answer) =>
        await (await answer(context)).WriteAsync(context);

    private ApiRoute Map(string method, string pattern, AccessRule rule, RequestDelegate answer)
    {
        var path = $"{prefix}/{pattern}";
        if (!_methods.TryGetValue(path, out var methods))
        {
            _methods[path] = methods = [];
        }

        methods.Add(method);
        var gate = ApiGate.Wrap(rule, answer);
        var builder = endpoints.MapMethods(RoutePatternFactory.Parse(path).RawText!, [method], gate);

        // The method's name makes the route visible to the OpenAPI document.
        builder.WithAccess(rule).WithMetadata(gate.Method);
        return new ApiRoute(builder);
    }
}
