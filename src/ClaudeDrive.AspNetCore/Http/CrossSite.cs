using Microsoft.AspNetCore.Http;

namespace ClaudeDrive.AspNetCore.Http;

/// <summary>
/// Finds requests that a page of another site made a browser send. The API reads no cookies, so such a page has no key to send; this is the second wall,
/// before the first one has a hole. Programs send none of the headers and are not touched. Pure.
/// </summary>
internal static class CrossSite
{
    public static readonly Problem Forbidden = new(
        403, ProblemCodes.OriginNotAllowed, "A browser sent this from a page of another site. Changes are taken from pages of this server, or from programs.");

    /// <summary>True when the request may change something and comes from another site's page.</summary>
    public static bool IsForbidden(HttpRequest request)
    {
        if (HttpMethods.IsGet(request.Method) || HttpMethods.IsHead(request.Method) || HttpMethods.IsOptions(request.Method))
        {
            return false;
        }

        // The browser's own word (Fetch Metadata) is right behind every proxy. Old browsers, and plain http, tell the origin only.
        var site = request.Headers["Sec-Fetch-Site"];
        if (site.Count > 0)
        {
            return site.ToString() is not ("same-origin" or "none");
        }

        var origin = request.Headers.Origin;
        return origin.Count > 0 && !IsOwn(origin.ToString(), request.Host);
    }

    // By name and port. The scheme is left out: a proxy that ends TLS and does not say so is no other site.
    private static bool IsOwn(string origin, HostString host) =>
        Uri.TryCreate(origin, UriKind.Absolute, out var uri)
        && uri.Scheme is "http" or "https"
        && string.Equals(uri.Authority, IsDefault(host.Port, uri.Scheme) ? host.Host : host.Value, StringComparison.OrdinalIgnoreCase);

    private static bool IsDefault(int? port, string scheme) => port is null || port == (scheme == "https" ? 443 : 80);
}
