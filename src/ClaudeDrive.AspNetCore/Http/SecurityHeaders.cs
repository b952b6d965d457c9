using Microsoft.AspNetCore.Http;

namespace ClaudeDrive.AspNetCore.Http;

/// <summary>Headers of every answer: machine output, to be neither sniffed, framed, embedded nor kept.</summary>
internal static class SecurityHeaders
{
    public static void Set(HttpResponse response)
    {
        var headers = response.Headers;
        headers.XContentTypeOptions = "nosniff";
        headers.CacheControl = "no-store";
        headers.ContentSecurityPolicy = "default-src 'none'; frame-ancestors 'none'";
        headers["Referrer-Policy"] = "no-referrer";
        headers["Cross-Origin-Resource-Policy"] = "same-origin";
    }
}
