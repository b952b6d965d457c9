using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using ClaudeDrive.Contexts;
using ClaudeDrive.Contexts.Search;
using ClaudeDrive.Ingest;
using ClaudeDrive.Sqlite.Rows;

namespace ClaudeDrive.Sqlite.Writing;

/// <summary>Keeps the full-text index, in the transaction of what it indexes. A document whose words did not change is left alone.</summary>
internal static class SearchWriting
{
    /// <summary>Indexes what a change stores.</summary>
    public static void Index(WriteScope scope, ContextChange change)
    {
        foreach (var document in SearchDocument.Of(change))
        {
            Put(scope, change.Head.Resource, document);
        }
    }

    /// <summary>Removes documents of a resource; returns how many. At most <paramref name="max"/>.</summary>
    public static int Remove(WriteScope scope, ResourceKey resource, int max)
    {
        List<long> docs;
        using (var rows = scope.Database.Use("SearchDocsOf"))
        {
            rows.Set("resource_id", resource.Id).Set("resource_type", resource.Type).Set("limit", (long)max);
            docs = PageCut.ReadAll(rows, static row => row.Int64());
        }

        foreach (var doc in docs)
        {
            Run(scope, "DeleteSearchWords", doc);
            Run(scope, "DeleteSearchDoc", doc);
        }

        return docs.Count;
    }

    private static void Put(WriteScope scope, ResourceKey resource, SearchDocument document)
    {
        var hash = BinaryPrimitives.ReadInt64BigEndian(SHA256.HashData(Encoding.UTF8.GetBytes(document.Words)));
        var (doc, known) = Find(scope, resource, document.EventId);
        if (doc is { } existing)
        {
            if (known == hash)
            {
                return;
            }

            Run(scope, "DeleteSearchWords", existing);
            using var update = scope.Database.Use("UpdateSearchDoc");
            update.Set("doc", existing).Set("hash", hash).Run();
            InsertWords(scope, existing, document.Words);
            return;
        }

        long made;
        using (var insert = scope.Database.Use("InsertSearchDoc"))
        {
            insert.Set("resource_type", resource.Type).Set("resource_id", resource.Id).Set("event_id", document.EventId).Set("hash", hash).Step();
            made = insert.Int64();
        }

        InsertWords(scope, made, document.Words);
    }

    private static (long? Doc, long Hash) Find(WriteScope scope, ResourceKey resource, string eventId)
    {
        using var find = scope.Database.Use("FindSearchDoc");
        find.Set("resource_id", resource.Id).Set("resource_type", resource.Type).Set("event_id", eventId);
        return find.Step() ? (find.Int64(), find.Int64()) : (null, 0);
    }

    private static void InsertWords(WriteScope scope, long doc, string words)
    {
        using var insert = scope.Database.Use("InsertSearchWords");
        insert.Set("doc", doc).Set("words", words).Run();
    }

    private static void Run(WriteScope scope, string statement, long doc)
    {
        using var run = scope.Database.Use(statement);
        run.Set("doc", doc).Run();
    }
}
