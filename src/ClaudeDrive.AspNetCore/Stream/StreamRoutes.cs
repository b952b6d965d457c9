using System.Buffers;
using System.Text;
using ClaudeDrive.Access;
using ClaudeDrive.AspNetCore.Access;
using ClaudeDrive.AspNetCore.Http;
using ClaudeDrive.Storage;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Hosting;

namespace ClaudeDrive.AspNetCore.Stream;

/// <summary>The live stream: server-sent events with resume.</summary>
internal sealed class StreamRoutes(
    IDriveStore store, CallerProof proof, TailPulse pulse, TimeProvider time, IHostApplicationLifetime lifetime)
{
    /// <summary>Clients at once. Chosen: each costs one connection and, at a change, three small reads.</summary>
    public const int MaxClients = 256;

    /// <summary>Time without a message after which a comment is sent, so that proxies keep the connection.</summary>
    public static readonly TimeSpan Heartbeat = TimeSpan.FromSeconds(15);

    /// <summary>
    /// How often a stream asks who its caller is and what that may see: a revoked key ends it, a moved session or another grant shows at once.
    /// </summary>
    public static readonly TimeSpan Recheck = KeyCallers.CacheFor;

    private readonly TailReader _reader = new(store);

    public void Map(ApiRoutes routes) =>
        routes.GetStream("stream", CallerRole.Viewer, AnswerAsync)
            .Describe("stream", "stream", "Server-sent events; send the last id as Last-Event-ID to go on where a stream ended.")
            .Query("topics", "Any of events, contexts, reviews, alerts, separated by commas; default all.")
            .Query("last_event_id", "As the Last-Event-ID header, for clients that cannot set it.")
            .Returns<string>("text/event-stream").Refuses(400, 503);

    private static StreamTopics? Topics(string? text)
    {
        if (text is null)
        {
            return StreamTopics.All;
        }

        var topics = StreamTopics.None;
        foreach (var name in text.Split(',', StringSplitOptions.TrimEntries))
        {
            var topic = name switch
            {
                "events" => StreamTopics.Events,
                "contexts" => StreamTopics.Contexts,
                "reviews" => StreamTopics.Reviews,
                "alerts" => StreamTopics.Alerts,
                _ => StreamTopics.None,
            };
            if (topic == StreamTopics.None)
            {
                return null;
            }

            topics |= topic;
        }

        return topics;
    }

    private async Task AnswerAsync(HttpContext context)
    {
        var query = new ListQuery(context.Request, "stream");
        var topics = Topics(query.Text("topics"));
        if (topics is null)
        {
            query.Refuse("topics", "The topics are events, contexts, reviews and alerts, separated by commas.");
        }

        var last = context.Request.Headers["Last-Event-ID"].ToString() is { Length: > 0 } header ? header : query.Text("last_event_id");
        var from = last is null ? null : StreamPosition.Find(last);
        if (last is not null && from is null)
        {
            query.Refuse("Last-Event-ID", "This is not an id that the stream gave out.");
        }

        if (query.Problem is { } problem)
        {
            await ProblemWriter.WriteAsync(context, problem);
            return;
        }

        using var membership = pulse.Join(MaxClients);
        if (membership is null)
        {
            await ProblemWriter.WriteAsync(
                context, new Problem(503, ProblemCodes.TooManyStreams, "Too many streams are open. Try again later.", RetryAfter: 10));
            return;
        }

        using var ends = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, lifetime.ApplicationStopping);
        try
        {
            await SendAsync(context, from ?? await _reader.EndAsync(ends.Token), topics!.Value, ends.Token);
        }
        catch (OperationCanceledException) when (ends.IsCancellationRequested)
        {
            // The client left, or the server stops: the client goes on elsewhere with its last id.
        }
    }

    private async Task SendAsync(HttpContext context, StreamPosition from, StreamTopics topics, CancellationToken cancellationToken)
    {
        var response = context.Response;
        SecurityHeaders.Set(response);
        response.ContentType = "text/event-stream";
        response.Headers["X-Accel-Buffering"] = "no";
        var at = from;

        // The first message has an id and no data: a client that hears nothing can resume all the same.
        Write(response.BodyWriter, $"retry: 1000\nid: {at}\n\n");
        var lastSent = time.GetTimestamp();
        while (await proof.FindAsync(context) is { } caller)
        {
            var changed = pulse.Next;
            var (messages, next) = await _reader.ReadAsync(caller.SightOf(CallerRole.Viewer), at, topics, cancellationToken);
            foreach (var message in messages)
            {
                Write(response.BodyWriter, message);
            }

            if (messages.Count > 0 || time.GetElapsedTime(lastSent) >= Heartbeat)
            {
                if (messages.Count == 0)
                {
                    Write(response.BodyWriter, $": {at}\n\n");
                }

                lastSent = time.GetTimestamp();
            }

            await response.BodyWriter.FlushAsync(cancellationToken);
            if (next != at)
            {
                at = next;
                continue;
            }

            await WaitAsync(changed, cancellationToken);
        }
    }

    private async Task WaitAsync(Task changed, CancellationToken cancellationToken)
    {
        try
        {
            await changed.WaitAsync(Recheck, time, cancellationToken);
        }
        catch (TimeoutException)
        {
            // Nothing came: it is time to ask who listens.
        }
    }

    private static void Write(IBufferWriter<byte> writer, StreamMessage message)
    {
        Write(writer, $"id: {message.Position}\nevent: {message.Topic}\ndata: ");

        // Stored JSON may hold line ends between its tokens; within a message they would end the line.
        var line = message.Json.AsSpan();
        line.Replace((byte)'\n', (byte)' ');
        line.Replace((byte)'\r', (byte)' ');
        writer.Write(line);
        writer.Write("\n\n"u8);
    }

    private static void Write(IBufferWriter<byte> writer, string text) => writer.Write(Encoding.UTF8.GetBytes(text));
}
