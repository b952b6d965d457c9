using System.Net;
using ClaudeDrive.AspNetCore.Http;

namespace ClaudeDrive.Server;

/// <summary>
/// Refuses requests that call this server by a name it was not given, on every path but the receiver's: a delivery proves itself by its signature, which
/// no page of a stranger can make, and refusing one for its Host would lose it. See <see cref="AllowedHosts"/>.
/// </summary>
internal sealed class HostCheck(RequestDelegate next, AllowedHosts hosts)
{
    private static readonly Problem NotAllowed = new(
        400, ProblemCodes.HostNotAllowed, $"This server does not answer to the name in the header Host; {AllowedHosts.Key} sets those it answers to.");

    /// <summary>Lets the request go on, or answers it.</summary>
    public Task InvokeAsync(HttpContext context) =>
        context.GetEndpoint()?.Metadata.GetMetadata<AnyHost>() is not null || hosts.Allows(context.Request.Host.Host.Trim('[', ']'), IsLocal(context))
            ? next(context)
            : ProblemWriter.WriteAsync(context, NotAllowed);

    private static bool IsLocal(HttpContext context) => context.Connection.LocalIpAddress is not { } address || IPAddress.IsLoopback(address);
}
