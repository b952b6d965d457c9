using System.Globalization;

namespace ClaudeDrive.Peers;

/// <summary>
/// As much of the Claude API as a look at a session needs, after a fixed delay: each read of a session shows a new state of it (a later
/// <c>updated_at</c>, more usage) and each list of its events one new event, so that every look has something to store. <c>GET /reads</c> tells how many
/// of each were answered. It also takes what an exporter sends to a collector, and throws it away.
/// </summary>
internal sealed class FakeClaudeApi(TimeSpan delay, TimeProvider time)
{
    private long _sessions;
    private long _events;
    private long _lists;
    private long _exports;

    public void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/v1/sessions/{id}", async context =>
        {
            var number = Interlocked.Increment(ref _sessions);
            await AnswerAsync(context, Session((string)context.GetRouteValue("id")!, number), number);
        });
        routes.MapGet("/v1/sessions/{id}/events", async context =>
        {
            var number = Interlocked.Increment(ref _events);
            await AnswerAsync(context, Events(number), number);
        });
        routes.MapGet("/v1/sessions", context => AnswerAsync(context, """{"data":[],"next_page":null}""", Interlocked.Increment(ref _lists)));
        foreach (var signal in (string[])["traces", "metrics", "logs"])
        {
            routes.MapPost($"/v1/{signal}", async context =>
            {
                await context.Request.Body.CopyToAsync(Stream.Null, context.RequestAborted);
                Interlocked.Add(ref _exports, signal == "traces" ? 1 : 0);
            });
        }

        routes.MapGet("/reads", context => context.Response.WriteAsync(string.Create(
            CultureInfo.InvariantCulture,
            $$"""{"sessions":{{Volatile.Read(ref _sessions)}},"events":{{Volatile.Read(ref _events)}},"lists":{{Volatile.Read(ref _lists)}},"exports":{{Volatile.Read(ref _exports)}}}"""), context.RequestAborted));
    }

    private async Task AnswerAsync(HttpContext context, string json, long number)
    {
        if (delay > TimeSpan.Zero)
        {
            await Task.Delay(delay, time, context.RequestAborted);
        }

        context.Response.ContentType = "application/json";
        context.Response.Headers["request-id"] = string.Create(CultureInfo.InvariantCulture, $"req_bench{number}");
        await context.Response.WriteAsync(json, context.RequestAborted);
    }

    private string Now() => time.GetUtcNow().UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.ffffff'Z'", CultureInfo.InvariantCulture);

    private string Session(string id, long number) => string.Create(CultureInfo.InvariantCulture, $$"""
        {"id":"{{id}}","type":"session","status":"idle","title":"Load","agent":{"id":"agent_bench","type":"agent","version":1,"name":"Bench"},
        "environment_id":"env_bench","deployment_id":null,"metadata":{"team":"bench"},"resources":[],"vault_ids":[],"budget":null,"outcome_evaluations":[],
        "stats":{"active_seconds":5},"usage":{"input_tokens":{{number}},"output_tokens":80},
        "created_at":"2026-01-01T00:00:00Z","updated_at":"{{Now()}}","archived_at":null}
        """);

    private string Events(long number) => string.Create(CultureInfo.InvariantCulture, $$"""
        {"data":[{"id":"sevt_bench{{number:D12}}","type":"session.status_idle","processed_at":"{{Now()}}","stop_reason":{"type":"end_turn"},"stop_details":null}],
        "next_page":null}
        """);
}
