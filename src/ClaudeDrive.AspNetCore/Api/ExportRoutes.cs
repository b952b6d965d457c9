using System.Buffers;
using ClaudeDrive.Access;
using ClaudeDrive.AspNetCore.Access;
using ClaudeDrive.AspNetCore.Http;
using ClaudeDrive.Audit;
using ClaudeDrive.Custody;
using ClaudeDrive.Storage;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Hosting;

namespace ClaudeDrive.AspNetCore.Api;

/// <summary>Everything that the caller may see, as lines of JSON with hashes.</summary>
internal sealed class ExportRoutes(IDriveStore store, CallerProof proof, TimeProvider time, IHostApplicationLifetime lifetime) : IDisposable
{
    /// <summary>Exports at once, of a process. Chosen: each reads the whole store.</summary>
    public const int MaxAtOnce = 2;

    /// <summary>Bytes that are sent together. Chosen.</summary>
    private const int FlushBytes = 64 * 1024;

    private readonly SemaphoreSlim _places = new(MaxAtOnce);

    public void Map(ApiRoutes routes) =>
        routes.GetStream("export", CallerRole.Viewer, AnswerAsync)
            .Describe(
                "export", "export", "Everything the caller may see: sessions and other contexts with revisions, transcripts, reviews, timelines, and events. "
                + "Without its closing line it was cut short.")
            .Returns<string>("application/x-ndjson").Refuses(503);

    public void Dispose() => _places.Dispose();

    private async Task AnswerAsync(HttpContext context)
    {
        if (!await _places.WaitAsync(0, context.RequestAborted))
        {
            await ProblemWriter.WriteAsync(
                context, new Problem(503, ProblemCodes.TooManyStreams, "Too many exports are under way. Try again later.", RetryAfter: 60));
            return;
        }

        using var ends = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, lifetime.ApplicationStopping);
        try
        {
            await SendAsync(context, ends);
        }
        catch (OperationCanceledException) when (ends.IsCancellationRequested)
        {
            context.Abort(); // Without its closing line it is known to be cut short, and so is the connection.
        }
        finally
        {
            _places.Release();
        }
    }

    private async Task SendAsync(HttpContext context, CancellationTokenSource ends)
    {
        var cancellationToken = ends.Token;

        // Recorded first: what cannot be recorded is not shown.
        var deed = CallerFeature.DeedOf(context, CallerRole.Viewer);
        await store.AppendAuditAsync(AuditDraft.Of(deed, AuditActions.ExportBegun, "export/all"), cancellationToken);
        SecurityHeaders.Set(context.Response);
        context.Response.ContentType = "application/x-ndjson";
        context.Response.Headers.ContentDisposition = "attachment; filename=\"claudedrive-export.ndjson\"";
        context.Response.Headers["X-Accel-Buffering"] = "no";
        var waiting = 0;
        var exporter = new Exporter(store, SightAsync, WriteAsync, cancellationToken);
        await exporter.RunAsync(new ExportHeaderDto { Version = ExportCheck.Version, StartedAt = time.GetUtcNow(), Caller = deed.Identity });
        var (lines, hash) = exporter.State;
        await store.AppendAuditAsync(
            AuditDraft.Of(deed, AuditActions.ExportEnded, "export/all", after: AuditText.Of(("lines", FormattableString.Invariant($"{lines}")), ("chain", hash))),
            cancellationToken);
        await exporter.CloseAsync();

        // A key that was revoked meanwhile ends the export as if its caller had left.
        async ValueTask<Sight> SightAsync()
        {
            if (await proof.FindAsync(context) is { } caller)
            {
                return caller.SightOf(CallerRole.Viewer);
            }

            await ends.CancelAsync();
            throw new OperationCanceledException(cancellationToken);
        }

        async ValueTask WriteAsync(ReadOnlyMemory<byte> line)
        {
            context.Response.BodyWriter.Write(line.Span);
            waiting += line.Length;
            if (waiting >= FlushBytes)
            {
                waiting = 0;
                await context.Response.BodyWriter.FlushAsync(cancellationToken);
            }
        }
    }
}
