using System.Globalization;
using System.Text;
using ClaudeDrive.Access;
using ClaudeDrive.AspNetCore.Access;
using ClaudeDrive.Conformance;
using ClaudeDrive.Contexts;
using ClaudeDrive.Inbox;
using ClaudeDrive.Ingest;
using ClaudeDrive.Review;
using ClaudeDrive.Server.Tests.Running;
using ClaudeDrive.Storage;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace ClaudeDrive.Server.Tests.Matrix;

/// <summary>
/// A server over two workspaces, own and foreign, which hold the same kinds of things. Whatever is foreign has <see cref="Foreign"/> in every id, title,
/// name and text, so that a leak of any of it is seen.
/// </summary>
internal sealed class MatrixWorld(ServerUnderTest server, IDriveStore store, FakeTimeProvider time)
{
    /// <summary>What marks everything foreign.</summary>
    public const string Foreign = "foreign";

    private static readonly Deed Maker = Given.By("maker");

    private readonly Dictionary<string, string> _reviews = [];
    private int _made;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public ServerUnderTest Server => server;

    public List<MatrixCaller> Callers { get; } = [];

    /// <summary>A name of the scope: <c>own</c>, <c>foreign</c> or <c>missing</c>.</summary>
    public static string Of(MatrixScope scope) => scope.ToString().ToLowerInvariant();

    public static string Session(MatrixScope scope) => $"sesn_{Of(scope)}";

    /// <summary>The review item of the scope's session; one that is not there for <see cref="MatrixScope.Missing"/>.</summary>
    public string Review(MatrixScope scope) => _reviews.GetValueOrDefault(Of(scope), "rev_999999");

    /// <summary>Makes everything: own first, so that whatever is counted comes out the same without the foreign half.</summary>
    public async Task BuildAsync(bool withForeign)
    {
        await FillAsync(MatrixScope.Own, 2);
        await MakeCallersAsync();
        var built = time.GetUtcNow();
        if (withForeign)
        {
            await FillAsync(MatrixScope.Foreign, 5);
            await MakeTeamAsync(Of(MatrixScope.Foreign), CallerRole.Admin);
            await MakeKeyAsync(Of(MatrixScope.Foreign), Of(MatrixScope.Foreign));
        }

        // The same instant in both worlds, whatever it took to get there.
        time.SetUtcNow(built + TimeSpan.FromHours(1));
    }

    /// <summary>A new waiting session; returns its review's id.</summary>
    public async Task<string> NewReviewAsync(MatrixScope scope)
    {
        if (scope == MatrixScope.Missing)
        {
            return Review(scope);
        }

        var session = New(Session(scope));
        await LookAsync(scope, ResourceKey.Session(session), [Given.Blocker($"sevt_{session}", $"tool_{Of(scope)}", $$"""{"who":"{{Of(scope)}}"}""")]);
        var items = await store.ListReviewsAsync(Sight.Everything, new ReviewFilter { SessionId = session }, new PageRequest(5), Token);
        return Assert.Single(items.Items).ReviewId;
    }

    /// <summary>A new event; returns its id.</summary>
    public async Task<string> NewEventAsync(MatrixScope scope)
    {
        var eventId = New($"wevt_{Of(scope)}");
        return scope == MatrixScope.Missing ? eventId : await StoreAsync(scope, eventId, ResourceKey.Session(Session(scope)));
    }

    /// <summary>A new dead letter of a session of its own; returns the event's id and the session's.</summary>
    public async Task<(string EventId, string SessionId)> NewDeadLetterAsync(MatrixScope scope)
    {
        var (eventId, session) = (New($"wevt_{Of(scope)}"), New($"sesn_dead_{Of(scope)}"));
        if (scope != MatrixScope.Missing)
        {
            await StoreAsync(scope, eventId, ResourceKey.Session(session));
            Assert.True(await store.ParkAsync(await ClaimAsync(ResourceKey.Session(session)), $"http_500: {Of(scope)} failed", Token));
        }

        return (eventId, session);
    }

    /// <summary>A new team over the scope's workspace; returns its id.</summary>
    public async Task<string> NewTeamAsync(MatrixScope scope)
    {
        var name = New(Of(scope));
        if (scope != MatrixScope.Missing)
        {
            await MakeTeamAsync(name, CallerRole.Viewer, $"workspace_{Of(scope)}");
        }

        return $"team_{name}";
    }

    /// <summary>A new key of the scope's team; returns its id.</summary>
    public async Task<string> NewKeyAsync(MatrixScope scope)
    {
        var name = New(Of(scope));
        if (scope != MatrixScope.Missing)
        {
            await MakeKeyAsync(name, scope == MatrixScope.Own ? "viewer" : Of(scope));
        }

        return $"key_{name}";
    }

    /// <summary>A look of somebody else into the scope's workspace; returns its id.</summary>
    public async Task<string> NewOpeningAsync(MatrixScope scope)
    {
        if (scope == MatrixScope.Missing)
        {
            return New("glass_missing");
        }

        var glass = server.App.Services.GetRequiredService<BreakGlass>();
        var who = Given.By($"somebody_{Of(scope)}") with { Reason = $"about {Of(scope)}" };
        var opening = await glass.OpenAsync(who, New($"key_{Of(scope)}"), new Scope { WorkspaceId = $"workspace_{Of(scope)}" }, TimeSpan.FromMinutes(5), Token);
        return opening.Id;
    }

    public string New(string prefix) => string.Create(CultureInfo.InvariantCulture, $"{prefix}_{++_made}");

    /// <summary>What is foreign, as text: the same as long as nobody touched it.</summary>
    public async Task<string> ReadForeignAsync()
    {
        var text = new StringBuilder();
        var sight = Sight.Of([new Scope { WorkspaceId = "workspace_foreign" }]);
        text.AppendJoin('\n', (await store.ReadEventsAsync(sight, 0, int.MaxValue, Token)).Items.Select(static e => $"{e.Envelope.EventId} {e.State}"));
        text.AppendJoin('\n', await store.ListStepsAsync(sight, null, null, Token));
        text.AppendJoin('\n', (await store.ListTeamsAsync(Token)).Where(static team => team.Name.Contains(Foreign, StringComparison.Ordinal))
            .Select(static team => $"{team.Name} {team.Grants.Count} {team.Members.Count}"));
        text.AppendJoin('\n', (await store.ListKeysAsync(Token)).Where(static key => key.Name.Contains(Foreign, StringComparison.Ordinal))
            .Select(static key => $"{key.Name} {key.RevokedAt}"));
        return text.ToString();
    }

    private async Task MakeCallersAsync()
    {
        Callers.Add(new MatrixCaller("none", null, null));
        await MakeTeamAsync("nothing", null);
        Callers.Add(new MatrixCaller("nothing", await MakeKeyAsync("nothing", "nothing"), null));
        foreach (var role in Enum.GetValues<CallerRole>())
        {
            var name = role.ToString().ToLowerInvariant();
            await MakeTeamAsync(name, role);
            Callers.Add(new MatrixCaller(name, await MakeKeyAsync(name, name), role));
        }

        Callers.Add(new MatrixCaller("root", ServerUnderTest.AdminKey, CallerRole.Admin, IsRoot: true));
    }

    private async Task MakeTeamAsync(string name, CallerRole? role, string? workspace = null)
    {
        Assert.NotNull((await store.CreateTeamAsync(Maker, $"team_{name}", $"Team {name}", Token)).Value);
        await store.AddMemberAsync(Maker, $"team_{name}", $"person_{name}", Token);
        if (role is { } granted)
        {
            workspace ??= name == Foreign ? "workspace_foreign" : "workspace_own";
            await store.AddGrantAsync(Maker, $"team_{name}", $"grant_{name}", new Grant(granted, new Scope { WorkspaceId = workspace }), Token);
        }
    }

    private async Task<string> MakeKeyAsync(string name, string team)
    {
        var text = KeyText.Make();
        var key = new AccessKey
        {
            KeyId = $"key_{name}",
            Prefix = $"cd_{name}"[..Math.Min(10, name.Length + 3)],
            Hash = KeyText.Hash(text),
            Name = $"name_{name}",
            TeamId = $"team_{team}",
            Role = CallerRole.Admin,
        };
        Assert.NotNull((await store.CreateKeyAsync(Maker, key, Token)).Value);
        return text;
    }

    private async Task FillAsync(MatrixScope scope, int sessions)
    {
        var who = Of(scope);
        for (var i = 0; i < sessions; i++)
        {
            var session = ResourceKey.Session(i == 0 ? Session(scope) : $"{Session(scope)}_extra_{i}");
            await StoreAsync(scope, i == 0 ? $"wevt_{who}" : $"wevt_{who}_extra_{i}", session);
            await LookAsync(scope, session, []);
            await LookAsync(scope, session, [Given.Blocker($"sevt_{who}_{i}", $"tool_{who}", $$"""{"who":"{{who}}"}""")]);
        }

        var items = await store.ListReviewsAsync(Sight.Everything, new ReviewFilter { SessionId = Session(scope) }, new PageRequest(5), Token);
        _reviews[who] = Assert.Single(items.Items).ReviewId;
        await LookAsync(scope, new ResourceKey($"kind_{who}", $"thing_{who}"), []);
        await LookAsync(scope, new ResourceKey(ResourceKey.SessionThreadType, $"thread_{who}"), []);
        var (dead, session2) = ($"wevt_dead_{who}", ResourceKey.Session($"sesn_given_up_{who}"));
        await StoreAsync(scope, dead, session2);
        Assert.True(await store.ParkAsync(await ClaimAsync(session2), $"http_500: {who} failed", Token));
        await store.RecordDeliveriesAsync(
            [
                new DeliveryRecord
                {
                    Endpoint = Given.Endpoint, ReceivedAt = time.GetUtcNow(), Outcome = DeliveryOutcome.Duplicate, EventId = $"wevt_{who}", Facts = Given.Facts, Count = 1,
                },
                new DeliveryRecord
                {
                    // Refused: whose it would have been is not proven, so it belongs to nobody.
                    Endpoint = $"endpoint_{Foreign}", ReceivedAt = time.GetUtcNow(), Outcome = DeliveryOutcome.Rejected, EventId = $"wevt_{who}", Facts = Given.Facts, Count = 1,
                },
            ],
            Token);
    }

    private async Task<string> StoreAsync(MatrixScope scope, string eventId, ResourceKey resource)
    {
        var envelope = Given.Envelope(eventId, resource.Id) with
        {
            Resource = resource,
            OrganizationId = $"organization_{Of(scope)}",
            WorkspaceId = $"workspace_{Of(scope)}",
        };
        Assert.True(await store.StoreAsync(Given.Arrival(envelope) with { ReceivedAt = time.GetUtcNow() }, Token));
        return eventId;
    }

    private async Task<ResourceLease> ClaimAsync(ResourceKey resource)
    {
        // Past any cooling, so that the work is due.
        time.Advance(TimeSpan.FromSeconds(3));
        var leases = await store.ClaimAsync(200, TimeSpan.FromMinutes(1), Token);
        foreach (var other in leases.Where(lease => lease.Resource != resource))
        {
            Assert.True(await store.ReleaseAsync(other, Token));
        }

        return leases.Single(lease => lease.Resource == resource);
    }

    private async Task LookAsync(MatrixScope scope, ResourceKey resource, IReadOnlyList<Blocker> blockers)
    {
        await store.RequestAsync(resource, resource.Type == ResourceKey.SessionThreadType ? Session(scope) : null, WorkLane.Normal, Token);
        var lease = await ClaimAsync(resource);
        var before = await store.FindHeadAsync(Sight.Everything, resource, Token);
        var change = Given.Change(resource, before, blockers.Count > 0 ? "idle" : "running", [.. blockers]);
        var who = Of(scope);
        change = change with
        {
            Revision = change.Revision! with { EventIds = [$"wevt_{who}"], RequestIds = [$"req_{who}"], Snapshot = Encoding.UTF8.GetBytes($$"""{"who":"{{who}}","n":{{(before?.Revision ?? 0) + 1}}}""") },
            Head = change.Head with
            {
                ParentId = resource.Type == ResourceKey.SessionThreadType ? Session(scope) : null,
                Title = $"Title of {who}",
                AgentId = $"agent_{who}",
                AgentName = $"Agent {who}",
                OrganizationId = $"organization_{who}",
                WorkspaceId = $"workspace_{who}",
                MetadataJson = $$"""{"team":"{{who}}"}""",
                Object = Encoding.UTF8.GetBytes($$"""{"id":"{{resource.Id}}","who":"{{who}}"}"""),
            },
            SessionEvents = resource.Type == ResourceKey.SessionType
                ? [Given.SessionEvent($"sevt_{resource.Id}_{before?.Revision ?? 0}", Given.Start, $$"""{"text":"{{who}}"}""")]
                : [],
        };
        Assert.Equal(ApplyOutcome.Applied, await store.ApplyAsync(lease, change, Token));
    }
}
