using ClaudeDrive.Inbox;
using ClaudeDrive.Ingest;

namespace ClaudeDrive.Sqlite.Writing;

/// <summary>What moves a work row; the rules are those of <see cref="IInboxStore"/>.</summary>
internal static class WorkWriting
{
    /// <summary>A fencing token, larger than every one before.</summary>
    public static long NextToken(WriteScope scope)
    {
        using var next = scope.Database.Use("NextToken");
        next.Step();
        return next.Int64();
    }

    /// <summary>The row of the lease; null when a later claim, or the end of the lease's work, made its token stale.</summary>
    public static HeldWork? FindHeld(WriteScope scope, ResourceLease lease)
    {
        using var find = scope.Database.Use("FindLease")
            .Set("resource_type", lease.Resource.Type).Set("resource_id", lease.Resource.Id).Set("token", lease.Token);
        return find.Step() ? new HeldWork(find.Int64(), find.Int64() != 0) : null;
    }

    /// <summary>The holder goes on.</summary>
    public static void Renew(WriteScope scope, HeldWork row, DateTimeOffset until)
    {
        using var renew = scope.Database.Use("RenewWork");
        renew.Set("until", until).Set("id", row.Id).Run();
    }

    /// <summary>Given back untouched.</summary>
    public static void Release(WriteScope scope, HeldWork row)
    {
        using var release = scope.Database.Use("ReleaseWork");
        release.Set("now", scope.Now).Set("id", row.Id).Run();
    }

    /// <summary>Due again after a delay.</summary>
    public static void Postpone(WriteScope scope, HeldWork row, DateTimeOffset due, int attempts)
    {
        using var postpone = scope.Database.Use("PostponeWork");
        postpone.Set("due", due).Set("attempts", (long)attempts).Set("id", row.Id).Run();
    }

    /// <summary>Due as if it were new.</summary>
    public static void Revive(WriteScope scope, HeldWork row, DateTimeOffset due)
    {
        using var revive = scope.Database.Use("ReviveWork");
        revive.Set("due", due).Set("id", row.Id).Run();
    }

    /// <summary>Nothing is left to do.</summary>
    public static void Delete(WriteScope scope, HeldWork row)
    {
        using var delete = scope.Database.Use("DeleteWork");
        delete.Set("id", row.Id).Run();
    }

    /// <summary>The look was completed: cooling, or due again when something came since or the look asks for another.</summary>
    public static void Complete(WriteScope scope, HeldWork row, TimeSpan? lookAgainAfter, Coalescing coalescing)
    {
        var wait = coalescing.Quiet;
        if (row.Dirty && coalescing.MaxWait < wait)
        {
            wait = coalescing.MaxWait;
        }

        if (lookAgainAfter is { } again && (!row.Dirty || again < wait))
        {
            wait = again;
        }

        using var complete = scope.Database.Use("CompleteWork");
        complete.Set("dirty", row.Dirty || lookAgainAfter is not null ? 1L : 0L)
            .Set("due", scope.Now + wait)
            .Set("now", scope.Now)
            .Set("id", row.Id)
            .Run();
        scope.WorkChanged = true;
    }

    /// <summary>Somebody asks for a look.</summary>
    public static void Request(WriteScope scope, ResourceKey resource, string? parentId, WorkLane lane)
    {
        using var request = scope.Database.Use("RequestWork");
        request.Set("resource_type", resource.Type)
            .Set("resource_id", resource.Id)
            .Set("parent_id", parentId)
            .Set("lane", (long)lane)
            .Set("now", scope.Now)
            .Run();
        scope.WorkChanged = true;
    }

    /// <summary>A person retries: failures before do not count.</summary>
    public static void ForgetAttempts(WriteScope scope, ResourceKey resource)
    {
        using var forget = scope.Database.Use("ForgetAttempts");
        forget.Set("resource_type", resource.Type).Set("resource_id", resource.Id).Run();
    }
}
