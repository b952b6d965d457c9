using ClaudeDrive.Diagnostics;

namespace ClaudeDrive.Inbox;

/// <summary>Renews a lease at a third of its length while work goes on; cancels <see cref="Token"/> when it was lost or the host stops.</summary>
internal sealed class LeaseKeeper : IAsyncDisposable
{
    private readonly CancellationTokenSource _done;
    private readonly CancellationTokenSource _lost;
    private readonly Task _loop;

    /// <summary>Starts renewing. <paramref name="renew"/> returns false when the lease is no longer ours.</summary>
    public LeaseKeeper(TimeSpan lease, TimeProvider time, Func<CancellationToken, ValueTask<bool>> renew, CancellationToken stoppingToken)
    {
        _done = CancellationTokenSource.CreateLinkedTokenSource(stoppingToken);
        _lost = CancellationTokenSource.CreateLinkedTokenSource(stoppingToken);
        _loop = KeepAsync(lease / 3, time, renew);
    }

    /// <summary>Cancelled when the work must stop.</summary>
    public CancellationToken Token => _lost.Token;

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        await _done.CancelAsync().ConfigureAwait(false);
        await _loop.ConfigureAwait(false);
        _done.Dispose();
        _lost.Dispose();
    }

    private async Task KeepAsync(TimeSpan period, TimeProvider time, Func<CancellationToken, ValueTask<bool>> renew)
    {
        try
        {
            while (true)
            {
                await Task.Delay(period, time, _done.Token).ConfigureAwait(false);
                if (!await renew(_done.Token).ConfigureAwait(false))
                {
                    await _lost.CancelAsync().ConfigureAwait(false);
                    return;
                }
            }
        }
        catch (OperationCanceledException)
        {
            // The work is done.
        }
        catch (Diagnostics.DriveStoreException)
        {
            await _lost.CancelAsync().ConfigureAwait(false); // Without a store nobody can say that the lease is still ours.
        }
    }
}
