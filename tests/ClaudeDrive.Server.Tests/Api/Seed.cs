using ClaudeDrive.Access;
using ClaudeDrive.Conformance;
using ClaudeDrive.Contexts;
using ClaudeDrive.Inbox;
using ClaudeDrive.Ingest;
using ClaudeDrive.Review;
using ClaudeDrive.Server.Tests.Running;
using Xunit;

namespace ClaudeDrive.Server.Tests.Api;

/// <summary>Fills the store as the workers would.</summary>
internal static class Seed
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    /// <summary>Stores an event of a session.</summary>
    public static async Task EventAsync(this ServerUnderTest server, string eventId, string sessionId = "sesn_1") =>
        await server.Store.StoreAsync(Given.Arrival(eventId, sessionId) with { ReceivedAt = server.Time.GetUtcNow() }, Token);

    /// <summary>Stores an event and a revision that reflects it.</summary>
    public static async Task ApplyAsync(
        this ServerUnderTest server, string eventId, string sessionId = "sesn_1", string status = "running", params Blocker[] blockers)
    {
        await server.EventAsync(eventId, sessionId);
        await server.ApplyDueAsync(ResourceKey.Session(sessionId), status, blockers);
    }

    public static async Task ApplyDueAsync(this ServerUnderTest server, ResourceKey resource, string status, params Blocker[] blockers)
    {
        // Past any cooling, so that the work is due.
        server.Time.Advance(TimeSpan.FromSeconds(3));
        var lease = (await server.Store.ClaimAsync(100, TimeSpan.FromMinutes(1), Token)).Single(l => l.Resource == resource);
        var before = await server.Store.FindHeadAsync(Sight.Everything, resource, Token);
        var change = Given.Change(resource, before, status, blockers) with
        {
            SessionEvents = [Given.SessionEvent($"sevt_{before?.Revision ?? 0}", Given.Start.AddSeconds(before?.Revision ?? 0))],
        };
        Assert.Equal(ApplyOutcome.Applied, await server.Store.ApplyAsync(lease, change, Token));
    }

    /// <summary>Stores an event whose resource is given up.</summary>
    public static async Task ParkAsync(this ServerUnderTest server, string eventId, string sessionId)
    {
        await server.EventAsync(eventId, sessionId);
        server.Time.Advance(TimeSpan.FromSeconds(3));
        var lease = (await server.Store.ClaimAsync(100, TimeSpan.FromMinutes(1), Token)).Single(l => l.Resource.Id == sessionId);
        Assert.True(await server.Store.ParkAsync(lease, "api_500: it failed", Token));
    }

    /// <summary>A waiting session; returns the review's id.</summary>
    public static async Task<string> ReviewAsync(this ServerUnderTest server, string kind = BlockerKinds.CustomTool, string sessionId = "sesn_1")
    {
        await server.ApplyAsync($"wevt_{sessionId}", sessionId, "idle", Given.Blocker($"sevt_block_{sessionId}") with { Kind = kind });
        var items = await server.Store.ListReviewsAsync(Sight.Everything, new ReviewFilter { SessionId = sessionId }, new PageRequest(10), Token);
        return items.Items[0].ReviewId;
    }

    /// <summary>An event about a resource that is no session, applied.</summary>
    public static async Task ResourceAsync(this ServerUnderTest server, string type, string id)
    {
        var envelope = Given.Envelope($"wevt_{id}") with { EventType = $"{type}.updated", Resource = new ResourceKey(type, id), SessionId = null };
        await server.Store.StoreAsync(Given.Arrival(envelope) with { ReceivedAt = server.Time.GetUtcNow() }, Token);
        await server.ApplyDueAsync(new ResourceKey(type, id), "active");
    }
}
