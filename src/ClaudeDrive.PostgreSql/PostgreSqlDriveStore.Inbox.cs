using ClaudeDrive.Inbox;
using ClaudeDrive.Ingest;
using ClaudeDrive.PostgreSql.Connections;
using ClaudeDrive.PostgreSql.Rows;
using ClaudeDrive.PostgreSql.Writing;

namespace ClaudeDrive.PostgreSql;

/// <content>Storing events, and the leases on their resources.</content>
internal sealed partial class PostgreSqlDriveStore
{
    /// <inheritdoc/>
    public long WorkVersion => _workSignal.Version;

    /// <inheritdoc/>
    public Task WaitForWorkAsync(long seen, CancellationToken cancellationToken) => _workSignal.WaitAsync(seen, cancellationToken);

    /// <inheritdoc/>
    public ValueTask<bool> StoreAsync(InboxArrival arrival, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var writer = _writer ?? throw new Diagnostics.DriveStoreException("The store is not open.");
        var job = new PendingEvent(arrival);
        writer.Enqueue(job);
        if (cancellationToken.CanBeCanceled)
        {
            job.CancelWith(cancellationToken);
        }

        return new ValueTask<bool>(job.Result);
    }

    /// <inheritdoc/>
    public async ValueTask RecordDeliveriesAsync(IReadOnlyList<DeliveryRecord> deliveries, CancellationToken cancellationToken)
    {
        if (deliveries.Count > 0)
        {
            await RunAsync(CallKind.Repeat, use => Bind(use("RecordDeliveries"), deliveries), cancellationToken).ConfigureAwait(false);
        }
    }

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<ResourceLease>> ClaimAsync(int max, TimeSpan leaseFor, CancellationToken cancellationToken) => Calls.RunAsync(
        CallKind.Once,
        () =>
        [
            Use("ClaimWork").Set("now", Now).Set("max", (int?)max).Set("lease", leaseFor).Set("max_events", (int?)ResourceLease.MaxEvents).Set("node", nodeId),
        ],
        ReadLeasesAsync,
        cancellationToken);

    /// <inheritdoc/>
    public ValueTask<bool> RenewAsync(ResourceLease lease, TimeSpan leaseFor, CancellationToken cancellationToken) =>
        EndAsync(lease, use => use("RenewWork").Set("lease", leaseFor), cancellationToken);

    /// <inheritdoc/>
    public ValueTask<bool> ReleaseAsync(ResourceLease lease, CancellationToken cancellationToken) =>
        EndAsync(lease, static use => use("ReleaseWork"), cancellationToken);

    /// <inheritdoc/>
    public ValueTask<bool> RetryAsync(ResourceLease lease, string error, TimeSpan delay, CancellationToken cancellationToken) =>
        PostponeAsync(lease, error, delay, 1, cancellationToken);

    /// <inheritdoc/>
    public ValueTask<bool> SnoozeAsync(ResourceLease lease, string error, TimeSpan delay, CancellationToken cancellationToken) =>
        PostponeAsync(lease, error, delay, 0, cancellationToken);

    /// <inheritdoc/>
    public ValueTask<bool> ParkAsync(ResourceLease lease, string error, CancellationToken cancellationToken) => EndAsync(
        lease,
        use => use("ParkWork").Set("through", lease.ThroughSeq).Set("quiet", coalescing.Quiet).Set("error", error),
        cancellationToken);

    /// <inheritdoc/>
    public async ValueTask RequestAsync(ResourceKey resource, string? parentId, WorkLane lane, CancellationToken cancellationToken)
    {
        await RunAsync(
            CallKind.Repeat,
            use => Of(use("RequestWork"), resource).Set("now", Now).Set("parent_id", parentId).Set("lane", (int?)lane),
            cancellationToken).ConfigureAwait(false);
        _workSignal.Raise();
    }

    /// <inheritdoc/>
    public ValueTask<DateTimeOffset?> NextDueAsync(CancellationToken cancellationToken) => FirstAsync(
        CallKind.Read,
        use => use("NextDue").Set("now", Now),
        row => row.InstantOrNull() is { } due ? ToLocal(due, row.Instant()) : (DateTimeOffset?)null,
        cancellationToken);

    private static Statement Of(Statement statement, ResourceKey resource) =>
        statement.Set("resource_type", resource.Type).Set("resource_id", resource.Id);

    private ValueTask<bool> PostponeAsync(ResourceLease lease, string error, TimeSpan delay, int attempts, CancellationToken cancellationToken) => EndAsync(
        lease,
        use => use("PostponeWork").Set("through", lease.ThroughSeq).Set("delay", delay).Set("attempts", (int?)attempts).Set("error", error),
        cancellationToken);

    private async ValueTask<bool> EndAsync(ResourceLease lease, Func<Func<string, Statement>, Statement> make, CancellationToken cancellationToken)
    {
        // Sent again after a failure, the same end finds its own token gone: then it says that the lease was lost, which it is.
        var ended = await FirstAsync(
            CallKind.Repeat, use => Of(make(use), lease.Resource).Set("now", Now).Set("token", lease.Token), static row => row.Truth(), cancellationToken)
            .ConfigureAwait(false);
        _workSignal.Raise();
        return ended;
    }

    private static async ValueTask<IReadOnlyList<ResourceLease>> ReadLeasesAsync(Npgsql.NpgsqlDataReader reader)
    {
        var leases = new List<ResourceLease>();
        var events = new List<EventRecord>();
        var row = new Row(reader);
        long last = 0;
        while (await reader.ReadAsync(CancellationToken.None).ConfigureAwait(false))
        {
            row.Begin();
            var number = row.Int64();
            var lease = ReadLease(row);
            if (number != last)
            {
                events = [];
                leases.Add(lease with { Events = events });
                last = number;
            }

            if (row.Truth())
            {
                events.Add(EventRows.Read(row));
                leases[^1] = leases[^1] with { Endpoint = events[^1].Endpoint };
            }
        }

        return leases;
    }

    private static ResourceLease ReadLease(Row row)
    {
        var resource = new ResourceKey(row.Text(), row.Text());
        var parentId = row.TextOrNull();
        var lane = (WorkLane)row.Int32();
        var attempts = row.Int32();
        return new ResourceLease
        {
            Resource = resource,
            ParentId = parentId,
            Lane = lane,
            Attempts = attempts,
            Token = row.Int64(),
            ExpiresAt = row.Instant(),
            ThroughSeq = row.Int64(),
            Events = [],
        };
    }

    private static Statement Bind(Statement record, IReadOnlyList<DeliveryRecord> deliveries) => record
        .Set("endpoint", deliveries.Select(static d => (string?)d.Endpoint))
        .Set("received_at", deliveries.Select(static d => (long?)d.ReceivedAt.UtcTicks))
        .Set("outcome", deliveries.Select(static d => (short)d.Outcome))
        .Set("count", deliveries.Select(static d => (int?)d.Count))
        .Set("code", deliveries.Select(static d => d.Code))
        .Set("event_id", deliveries.Select(static d => d.EventId))
        .Set("elapsed", deliveries.Select(static d => (long?)d.Facts.Elapsed.Ticks))
        .Set("body_bytes", deliveries.Select(static d => (int?)d.Facts.BodyBytes))
        .Set("remote_ip", deliveries.Select(static d => d.Facts.RemoteIp))
        .Set("secret_id", deliveries.Select(static d => d.Facts.SecretId));
}
