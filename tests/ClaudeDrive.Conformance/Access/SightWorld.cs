using ClaudeDrive.Contexts;
using ClaudeDrive.Inbox;
using ClaudeDrive.Ingest;
using ClaudeDrive.Storage;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace ClaudeDrive.Conformance;

/// <summary>Builds a random world in a store; its other part compares what sights see.</summary>
internal sealed partial class SightWorld(IDriveStore store, FakeTimeProvider time, CancellationToken token)
{
    private static readonly string?[] Names = [null, "1", "2", "3"];

    private static readonly string?[] Metadata =
    [
        null, """{"team":"x"}""", """{"team":"y","tier":"x"}""", """{"team":"x","tier":"y","n":1}""", """{"team":["x"]}""",
    ];

    private static readonly string[] Others = ["agent", "vault", "user_profile"];

    private int _events;

    /// <summary>Makes one change.</summary>
    public async Task RunAsync(SightMove move)
    {
        _isLoaded = false;
        switch (move.Kind)
        {
            case SightMoveKind.LookAtSession or SightMoveKind.LookAtSessionAgain:
                await LookAsync(Session(move.A), null, move);
                break;
            case SightMoveKind.LookAtThread:
                // The last parent is never looked at itself.
                await LookAsync(new ResourceKey(ResourceKey.SessionThreadType, $"thread_{move.A % 3}"), Session(move.B % 2 == 0 ? move.B : 99).Id, move);
                break;
            case SightMoveKind.LookAtResource:
                await LookAsync(Other(move.A), null, move);
                break;
            case SightMoveKind.Event:
                await StoreAsync(Of(move, EnvelopeOf(move)));
                break;
            case SightMoveKind.EventOfNothing:
                await StoreAsync(Of(move, EnvelopeOf(move) with { Resource = null, SessionId = null, IsParsed = move.E % 2 == 0 }));
                break;
            case SightMoveKind.Park:
                await ParkAsync(move);
                break;
            case SightMoveKind.Delivery:
                await RecordAsync(move);
                break;
        }
    }

    private static ResourceKey Session(int number) => ResourceKey.Session($"sesn_{number % 4 + (number == 99 ? 90 : 0)}");

    private static ResourceKey Other(int number) => new(Others[number % 3], $"other_{number % 2}");

    private WebhookEnvelope EnvelopeOf(SightMove move)
    {
        var envelope = Given.Envelope($"wevt_{_events++}");
        return (move.A % 4) switch
        {
            0 => envelope with { Resource = Other(move.B), SessionId = null },
            1 => envelope with
            {
                Resource = new ResourceKey(ResourceKey.SessionThreadType, $"thread_{move.B % 3}"),
                ParentId = Session(move.C).Id,
                SessionId = Session(move.C).Id,
            },
            2 => envelope with { Resource = new ResourceKey(ResourceKey.SessionThreadType, $"thread_{move.B % 3}"), SessionId = null },
            _ => envelope with { Resource = Session(move.B == 11 ? 99 : move.B), SessionId = Session(move.B == 11 ? 99 : move.B).Id },
        };
    }

    private static WebhookEnvelope Of(SightMove move, WebhookEnvelope envelope) =>
        envelope with { OrganizationId = Names[move.C % 3], WorkspaceId = Names[move.D % 4] };

    private async Task StoreAsync(WebhookEnvelope envelope) => Assert.True(await store.StoreAsync(Given.Arrival(envelope), token));

    private async Task ParkAsync(SightMove move)
    {
        await StoreAsync(Of(move, EnvelopeOf(move)));
        time.Advance(StoreConformance.Window.MaxWait);
        foreach (var lease in await store.ClaimAsync(200, StoreConformance.LeaseFor, token))
        {
            // Some is left due, so that there is work to count.
            Assert.True(move.E % 3 == 0 ? await store.ReleaseAsync(lease, token) : await store.ParkAsync(lease, "http_500", token));
        }
    }

    private async Task RecordAsync(SightMove move)
    {
        var known = move.B % 2 == 0 && _events > 0;
        await store.RecordDeliveriesAsync(
            [
                new DeliveryRecord
                {
                    Endpoint = move.C % 4 == 0 ? "another" : Given.Endpoint,
                    ReceivedAt = Given.Start,
                    Outcome = (move.A % 3) switch
                    {
                        0 => DeliveryOutcome.Rejected,
                        1 => DeliveryOutcome.Unavailable,
                        _ => DeliveryOutcome.Duplicate,
                    },
                    EventId = known ? $"wevt_{move.D % _events}" : move.B % 4 == 1 ? null : "wevt_never",
                    Facts = Given.Facts,
                    Count = 1 + move.E,
                },
            ],
            token);
    }

    private async Task LookAsync(ResourceKey resource, string? parentId, SightMove move)
    {
        time.Advance(StoreConformance.Window.MaxWait);
        await store.RequestAsync(resource, parentId, WorkLane.Normal, token);
        var leases = await store.ClaimAsync(200, StoreConformance.LeaseFor, token);
        foreach (var other in leases.Where(lease => lease.Resource != resource))
        {
            Assert.True(await store.ReleaseAsync(other, token));
        }

        var lease = leases.Single(candidate => candidate.Resource == resource);
        var before = await store.FindHeadAsync(ClaudeDrive.Access.Sight.Everything, resource, token);
        Blocker[] blockers = resource.Type == ResourceKey.SessionType && move.E % 3 == 0 ? [Given.Blocker($"sevt_{move.A % 2}")] : [];
        var change = Given.Change(resource, before, blockers.Length > 0 ? "idle" : "running", blockers);
        change = change with
        {
            Head = change.Head with
            {
                ParentId = parentId,
                OrganizationId = resource.Type == "user_profile" ? "1" : Names[move.B % 3],
                WorkspaceId = resource.Type == "user_profile" ? null : Names[move.C % 4],
                AgentId = Names[move.D % 3],
                MetadataJson = Metadata[move.E % Metadata.Length],
            },
            SessionEvents = [Given.SessionEvent($"sevt_{before?.Revision ?? 0}", Given.Start)],
        };
        Assert.Equal(ApplyOutcome.Applied, await store.ApplyAsync(lease, change, token));
    }
}
