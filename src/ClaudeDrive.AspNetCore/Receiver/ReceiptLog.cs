using ClaudeDrive.AspNetCore.Api;
using ClaudeDrive.AspNetCore.Http;
using ClaudeDrive.Hosting;
using ClaudeDrive.Inbox;
using Microsoft.AspNetCore.Http;

namespace ClaudeDrive.AspNetCore.Receiver;

/// <summary>Writes the answers of the receiver, and counts and records every attempt.</summary>
internal sealed class ReceiptLog(RejectionRecorder recorder, DeliveryMetrics metrics)
{
    /// <summary>200: durable now, or known already. The store has recorded the delivery, or will when the spool is drained.</summary>
    public Task AcknowledgeAsync(DeliveryAttempt attempt, string eventId, DeliveryOutcome outcome)
    {
        metrics.Count(outcome, null, attempt.Elapsed);
        var response = attempt.Context.Response;
        SecurityHeaders.Set(response);
        return ReceiptWriter.WriteAsync(response, outcome == DeliveryOutcome.Duplicate ? "duplicate" : "accepted", eventId);
    }

    /// <summary>A refusal, counted and recorded.</summary>
    public Task RefuseAsync(DeliveryAttempt attempt, Problem problem, DeliveryOutcome outcome)
    {
        metrics.Count(outcome, problem.Code, attempt.Elapsed);
        recorder.Note(new DeliveryRecord
        {
            Endpoint = attempt.Endpoint,
            ReceivedAt = attempt.ReceivedAt,
            Outcome = outcome,
            Code = problem.Code,
            EventId = attempt.EventId,
            Facts = new DeliveryFacts(attempt.RemoteIp, attempt.Body.Length, attempt.SecretId, attempt.Elapsed),
        });
        return ProblemWriter.WriteAsync(attempt.Context, problem);
    }

    /// <summary>A refusal of a body that was not read to its end: the connection cannot carry another request.</summary>
    public Task RefuseUnreadAsync(DeliveryAttempt attempt, Problem problem)
    {
        CloseAfterwards(attempt.Context);
        return RefuseAsync(attempt, problem, DeliveryOutcome.Rejected);
    }

    /// <summary>A refusal that is only counted: no delivery to any endpoint of ours.</summary>
    public Task RefuseUnrecordedAsync(DeliveryAttempt attempt, Problem problem)
    {
        metrics.Count(DeliveryOutcome.Rejected, problem.Code, attempt.Elapsed);
        CloseAfterwards(attempt.Context);
        return ProblemWriter.WriteAsync(attempt.Context, problem);
    }

    private static void CloseAfterwards(HttpContext context)
    {
        if (HttpProtocol.IsHttp11(context.Request.Protocol))
        {
            context.Response.Headers.Connection = "close";
        }
    }
}
