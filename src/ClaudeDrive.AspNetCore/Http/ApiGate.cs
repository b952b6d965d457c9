using ClaudeDrive.AspNetCore.Access;
using ClaudeDrive.Diagnostics;
using ClaudeDrive.Storage;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace ClaudeDrive.AspNetCore.Http;

/// <summary>Stands before every API route: proves the caller, applies the route's rule, and turns whatever is thrown into a problem document.</summary>
internal sealed partial class ApiGate
{
    private ApiGate()
    {
    }

    public static RequestDelegate Wrap(AccessRule rule, RequestDelegate answer) => context => AnswerAsync(context, rule, answer);

    private static async Task AnswerAsync(HttpContext context, AccessRule rule, RequestDelegate answer)
    {
        try
        {
            if (CrossSite.IsForbidden(context.Request))
            {
                await ProblemWriter.WriteAsync(context, CrossSite.Forbidden);
                return;
            }

            var proof = context.RequestServices.GetRequiredService<CallerProof>();
            if (await proof.CheckAsync(context, rule) is { } problem)
            {
                await ProblemWriter.WriteAsync(context, context.RequestServices.GetRequiredService<FailedKeys>().Judge(context, problem));
                return;
            }

            IConnectionStanding.Prove(context);
            await answer(context);
        }
        catch (OperationCanceledException) when (context.RequestAborted.IsCancellationRequested)
        {
            // The caller left: nobody waits for an answer.
        }
        catch (DriveStoreException e)
        {
            Log.StoreUnavailable(Logger(context), e);
            await RefuseAsync(context, Problem.StoreUnavailable);
        }
        catch (BadHttpRequestException e)
        {
            var status = e.StatusCode is >= 400 and < 500 ? e.StatusCode : 400;
            await RefuseAsync(context, new Problem(status, ProblemCodes.RequestInvalid, "The request could not be read."));
        }
        catch (Exception e) when (!context.Response.HasStarted)
        {
            // The edge of an endpoint: whatever went wrong, the caller gets a problem document and no inner detail.
            Log.Failed(Logger(context), e);
            await RefuseAsync(context, new Problem(500, ProblemCodes.InternalError, "The server failed at this request; its log says why."));
        }
    }

    private static Task RefuseAsync(HttpContext context, Problem problem)
    {
        if (context.Response.HasStarted)
        {
            // Half an answer must not look like a whole one.
            context.Abort();
            return Task.CompletedTask;
        }

        context.Response.Clear();
        return ProblemWriter.WriteAsync(context, problem);
    }

    private static ILogger Logger(HttpContext context) => context.RequestServices.GetRequiredService<ILogger<ApiGate>>();

    private static partial class Log
    {
        [LoggerMessage(7001, LogLevel.Warning, "The store did not answer an API request.")]
        public static partial void StoreUnavailable(ILogger logger, Exception exception);

        [LoggerMessage(7002, LogLevel.Error, "An API request failed.")]
        public static partial void Failed(ILogger logger, Exception exception);
    }
}
