using ClaudeDrive.Contexts;
using ClaudeDrive.Inbox;
using ClaudeDrive.Sqlite.Connections;

namespace ClaudeDrive.Sqlite.Writing;

/// <summary>What the end of a lease does to its events. Each change of state keeps the counters.</summary>
internal static class EventClosing
{
    /// <summary>Notes a failure on the pending events.</summary>
    public static void Note(WriteScope scope, ResourceLease lease, string error, int attempts)
    {
        using var note = scope.Database.Use("NotePending").Set("attempts", (long)attempts).Set("error", error);
        OfLease(note, lease).Run();
    }

    /// <summary>Gives the pending events up.</summary>
    public static void Park(WriteScope scope, ResourceLease lease, string error)
    {
        using var park = scope.Database.Use("ParkPending").Set("error", error);
        Move(scope, EventState.Pending, EventState.Dead, OfLease(park, lease).Run());
    }

    /// <summary>A look succeeded: the pending events are reflected or older than that, earlier dead letters are covered.</summary>
    public static void Close(WriteScope scope, ResourceLease lease, ContextChange change)
    {
        long? revision = change.Head.Revision > 0 ? change.Head.Revision : null;
        using (var cover = scope.Database.Use("CoverDead").Set("revision", revision))
        {
            Move(scope, EventState.Dead, EventState.Covered, OfLease(cover, lease).Run());
        }

        if (change.SupersedeBefore is { } before)
        {
            using var supersede = scope.Database.Use("SupersedePending").Set("refusal", change.Refusal);
            Move(scope, EventState.Pending, EventState.Superseded, OfLease(supersede, lease).Set("before", before).Run());
        }

        using var apply = scope.Database.Use("ApplyPending").Set("revision", revision);
        Move(scope, EventState.Pending, EventState.Applied, OfLease(apply, lease).Run());
    }

    /// <summary>Counts a change of state.</summary>
    public static void Move(WriteScope scope, EventState from, EventState to, int count)
    {
        scope.Count(Counters.Event(from), -count);
        scope.Count(Counters.Event(to), count);
    }

    private static SqliteStatement OfLease(SqliteStatement statement, ResourceLease lease) => statement
        .Set("resource_type", lease.Resource.Type).Set("resource_id", lease.Resource.Id).Set("through", lease.ThroughSeq);
}
