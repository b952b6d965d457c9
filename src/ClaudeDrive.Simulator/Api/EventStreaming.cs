using System.Text;
using ClaudeDrive.Simulator.Sessions;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace ClaudeDrive.Simulator.Api;

/// <summary>Server-sent events (reference §3.8): every message has an <c>event:</c> line, pings keep the connection, nothing is replayed.</summary>
internal static class EventStreaming
{
    private const string Ping = "event: ping\ndata: {\"type\":\"ping\"}\n\n";

    /// <summary>Maps one stream; <paramref name="streams"/> finds the list a reader joins, or <see langword="null"/> for 404.</summary>
    public static void Map(
        IEndpointRouteBuilder app, SimulatorWorld world, string pattern, Func<SessionRecord, string, List<EventStream>?> streams) =>
        app.MapMethods(pattern, ["GET"], async context =>
        {
            var stream = new EventStream();
            List<EventStream>? joined;
            lock (world.Gate)
            {
                var session = world.Sessions.Find((string)context.GetRouteValue("id")!);
                joined = session is null ? null : streams(session, (string?)context.GetRouteValue("tid") ?? "");
                joined?.Add(stream);
            }

            if (joined is null)
            {
                await ApiGate.WriteAsync(context, ApiAnswer.NotFound("Session"));
                return;
            }

            try
            {
                using var ended = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, world.Stopping);
                await WriteAsync(context, stream, world.Options, ended.Token);
            }
            catch (OperationCanceledException)
            {
                // The reader went away, or the simulator stops.
            }
            finally
            {
                lock (world.Gate)
                {
                    joined.Remove(stream);
                }
            }
        });

    private static async Task WriteAsync(HttpContext context, EventStream stream, SimulatorOptions options, CancellationToken cancellationToken)
    {
        context.Response.ContentType = "text/event-stream";
        context.Response.Headers.CacheControl = "no-cache";
        await WriteTextAsync(context, Ping, cancellationToken);
        var available = stream.Reader.WaitToReadAsync(cancellationToken).AsTask();
        while (true)
        {
            if (!await ArrivesAsync(available, options, cancellationToken))
            {
                await WriteTextAsync(context, Ping, cancellationToken);
                continue;
            }

            if (!await available)
            {
                return;
            }

            while (stream.Reader.TryRead(out var item))
            {
                await WriteTextAsync(context, "event: " + item.Type + "\ndata: " + item.Json + "\n\n", cancellationToken);
            }

            available = stream.Reader.WaitToReadAsync(cancellationToken).AsTask();
        }
    }

    private static async Task<bool> ArrivesAsync(Task<bool> available, SimulatorOptions options, CancellationToken cancellationToken)
    {
        using var tick = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var first = await Task.WhenAny(available, Task.Delay(options.PingInterval, options.Clock, tick.Token));
        await tick.CancelAsync();
        return first == available;
    }

    private static async Task WriteTextAsync(HttpContext context, string text, CancellationToken cancellationToken)
    {
        await context.Response.Body.WriteAsync(Encoding.UTF8.GetBytes(text), cancellationToken);
        await context.Response.Body.FlushAsync(cancellationToken);
    }
}
