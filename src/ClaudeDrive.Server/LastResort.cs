using ClaudeDrive.AspNetCore.Http;

namespace ClaudeDrive.Server;

/// <summary>Gives every answer without a body a problem document, and every failure beyond the routes a plain 500: no page, no stack trace.</summary>
internal sealed partial class LastResort(RequestDelegate next, StrictTransport transport, ILogger<LastResort> logger)
{
    /// <summary>Lets the rest of the pipeline answer, then fills in.</summary>
    public async Task InvokeAsync(HttpContext context)
    {
        SecurityHeaders.Set(context.Response);
        transport.Set(context);
        try
        {
            await next(context);
        }
        catch (OperationCanceledException) when (context.RequestAborted.IsCancellationRequested)
        {
            return;
        }
        catch (BadHttpRequestException e)
        {
            context.Response.StatusCode = e.StatusCode;
        }
        catch (Exception e) when (!context.Response.HasStarted)
        {
            // The edge of the server: whatever went wrong, nothing of it reaches the caller.
            Log.Failed(logger, e);
            context.Response.StatusCode = StatusCodes.Status500InternalServerError;
        }

        var response = context.Response;
        if (!response.HasStarted && response.StatusCode >= 400 && response.ContentType is null && response.ContentLength is null or 0)
        {
            await ProblemWriter.WriteAsync(context, Describe(response.StatusCode));
        }
    }

    private static Problem Describe(int status) => status switch
    {
        404 => Problem.NotFound("There is no such path."),
        405 => new Problem(405, ProblemCodes.MethodNotAllowed, "The path does not answer to this method."),
        413 => new Problem(413, ProblemCodes.BodyTooLarge, "The body is too large."),
        415 => new Problem(415, ProblemCodes.MediaTypeUnsupported, "The body's type is not supported."),
        >= 500 => new Problem(status, ProblemCodes.InternalError, "The server failed at this request; its log says why."),
        _ => new Problem(status, ProblemCodes.RequestInvalid, "The request could not be read."),
    };

    private static partial class Log
    {
        [LoggerMessage(7003, LogLevel.Error, "A request failed outside every route.")]
        public static partial void Failed(ILogger logger, Exception exception);
    }
}
