using System.Globalization;
using ClaudeDrive.AspNetCore.Api;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.WebUtilities;

namespace ClaudeDrive.AspNetCore.Http;

/// <summary>Writes problem documents. Writes nothing once an answer has begun.</summary>
internal static class ProblemWriter
{
    public const string ContentType = "application/problem+json";

    public static async Task WriteAsync(HttpContext context, Problem problem)
    {
        var response = context.Response;
        if (response.HasStarted)
        {
            return;
        }

        response.StatusCode = problem.Status;
        SecurityHeaders.Set(response);
        if (problem.RetryAfter is { } seconds)
        {
            response.Headers.RetryAfter = seconds.ToString(CultureInfo.InvariantCulture);
        }

        if (problem.Status == StatusCodes.Status401Unauthorized)
        {
            response.Headers.WWWAuthenticate = "Bearer";
        }

        var document = new ProblemDocument
        {
            Type = $"urn:claudedrive:problem:{problem.Code}",
            Title = ReasonPhrases.GetReasonPhrase(problem.Status),
            Status = problem.Status,
            Detail = problem.Detail,
            Code = problem.Code,
            Parameter = problem.Parameter,
        };
        await response.WriteAsJsonAsync(document, ApiJson.Default.ProblemDocument, ContentType, context.RequestAborted);
    }
}
