using System.Buffers;
using System.Text.Json;
using ClaudeDrive.Access;
using ClaudeDrive.AspNetCore.Access;
using ClaudeDrive.AspNetCore.Http;
using ClaudeDrive.Audit;
using Microsoft.AspNetCore.Http;

namespace ClaudeDrive.AspNetCore.Api;

/// <summary>The audit log: it tells of everybody, so only who administers everything reads it.</summary>
internal sealed class AuditRoutes(IAuditStore store)
{
    /// <summary>Rows that an export reads at once: bounds what it holds in memory.</summary>
    private const int Portion = 500;

    private const string Tag = "audit";

    public void Map(ApiRoutes routes)
    {
        routes.Get("audit", CallerRole.Admin, ListAsync, AccessReach.Everything)
            .Describe("listAudit", Tag, "Who did what, newest first, each row linked to the one before by its hash.")
            .Query("actor", "Exact actor.").Query("action", "Exact action.").Query("resource", "Exact resource, as type/id.")
            .Query("from", "At or after this time.").Query("to", "Before this time.")
            .Paged().Returns<ListOf<AuditEntryDto>>().Refuses(400);
        routes.GetStream("audit/export", CallerRole.Admin, ExportAsync, AccessReach.Everything)
            .Describe("exportAudit", Tag, "The whole log, oldest first, a row a line; the last line says where it ended. 'claudedrive audit verify' checks it.")
            .Returns<string>("application/x-ndjson");
    }

    private async Task<ApiReply> ListAsync(HttpContext context)
    {
        var query = new ListQuery(context.Request, "audit");
        var filter = new AuditFilter
        {
            Actor = query.Text("actor"),
            Action = query.Text("action"),
            Resource = query.Text("resource"),
            From = query.Instant("from"),
            To = query.Instant("to"),
        };
        var request = query.Page();
        if (query.Problem is { } problem)
        {
            return problem;
        }

        var page = await store.ListAuditAsync(filter, request.Before, request.Limit, context.RequestAborted);
        return Listing.Reply(
            query, new Inbox.Page<AuditEntry>(page.Items, page.Next, page.Total), AuditEntryDto.Of, ApiJson.Default.ListOfAuditEntryDto);
    }

    // Its own row first, which so is the last of the export: what is written meanwhile comes with the next.
    private async Task ExportAsync(HttpContext context)
    {
        var own = await store.AppendAuditAsync(
            AuditDraft.Of(CallerFeature.DeedOf(context, CallerRole.Admin), AuditActions.AuditExported, "audit/log"), context.RequestAborted);
        SecurityHeaders.Set(context.Response);
        context.Response.ContentType = "application/x-ndjson";
        var writer = context.Response.BodyWriter;
        for (long after = 0; after < own.Seq;)
        {
            var rows = await store.ReadAuditAsync(after, (int)Math.Min(Portion, own.Seq - after), context.RequestAborted);
            if (rows.Count == 0)
            {
                break; // Rows are missing at the end: the reader finds it, by the line below.
            }

            foreach (var row in rows)
            {
                writer.Write(JsonSerializer.SerializeToUtf8Bytes(AuditEntryDto.Of(row), ApiJson.Default.AuditEntryDto));
                writer.Write("\n"u8);
            }

            after = Math.Max(after + 1, rows[^1].Seq);
            await writer.FlushAsync(context.RequestAborted);
        }

        writer.Write(JsonSerializer.SerializeToUtf8Bytes(new AuditEndDto(new AuditEndDto.At(own.Seq, own.Hash)), ApiJson.Default.AuditEndDto));
        writer.Write("\n"u8);
        await writer.FlushAsync(context.RequestAborted);
    }
}
