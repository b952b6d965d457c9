using System.Buffers;
using Microsoft.Extensions.Logging;
using Microsoft.Win32.SafeHandles;

namespace ClaudeDrive.Inbox.Spool;

/// <summary>
/// Keeps deliveries on the disk while the store does not take them: append-only segments, each batch of records flushed to the disk before any of
/// its callers is answered. Concurrent callers share a flush. Safe to use from many threads; draining is for one. See README.md of this folder.
/// </summary>
internal sealed partial class DeliverySpool : IAsyncDisposable
{
    private readonly SpoolSettings _settings;
    private readonly SpoolMetrics _metrics;
    private readonly ILogger<DeliverySpool> _logger;
    private readonly Lock _gate = new();
    private readonly CommitSignal _signal = new();
    private readonly SpoolFillLevel _fill;
    private readonly Queue<PendingAppend> _queue = [];
    private readonly List<PendingAppend> _batch = new(MaxBatch);
    private readonly List<SpoolSegment> _segments = [];
    private readonly string _directory;
    private ArrayBufferWriter<byte> _buffer = new();
    private SpoolSegment? _active;
    private SafeFileHandle? _file;
    private FileStream? _lock;
    private DrainMark? _mark;
    private TaskCompletionSource? _idle;
    private volatile bool _goesFirst;
    private long _nextSeq = 1;
    private long _bytes;
    private long _queuedBytes;
    private bool _isWriting;
    private bool _isFailing;
    private bool _isClosed;

    /// <summary>Makes the spool; <see cref="Open"/> reads what an earlier process left.</summary>
    public DeliverySpool(SpoolSettings settings, SpoolMetrics metrics, ILogger<DeliverySpool> logger)
    {
        _settings = settings;
        _directory = settings.Directory is null ? string.Empty : Path.GetFullPath(settings.Directory);
        _metrics = metrics;
        _logger = logger;
        _fill = new SpoolFillLevel(settings.MaxBytes, logger);
        metrics.Status = ReadStatus;
    }

    /// <summary>False when there is no directory to keep it in.</summary>
    public bool IsOn => _settings.Directory is not null;

    /// <summary>
    /// True while the store is known to hang: then a delivery goes to the spool at once instead of waiting out the time-out first. Set by whoever
    /// saw a time-out, taken back by the drain when the store works, and by an append that fails.
    /// </summary>
    public bool GoesFirst
    {
        get => _goesFirst;
        set => _goesFirst = value && IsOn;
    }

    /// <summary>True when nothing waits.</summary>
    public bool IsEmpty
    {
        get
        {
            lock (_gate)
            {
                return _queue.Count == 0 && _segments.TrueForAll(static segment => segment.Waiting == 0);
            }
        }
    }

    /// <summary>Grows with every change that the drain may care about.</summary>
    public long Version => _signal.Version;

    /// <summary>Completes when <see cref="Version"/> is above <paramref name="seen"/>.</summary>
    public Task WaitAsync(long seen, CancellationToken cancellationToken) => _signal.WaitAsync(seen, cancellationToken);

    /// <summary>The spool at this moment.</summary>
    public SpoolStatus ReadStatus()
    {
        lock (_gate)
        {
            return new SpoolStatus(
                _segments.Sum(static segment => segment.Waiting),
                _bytes,
                _segments.Min(static segment => segment.OldestReceivedAt),
                Math.Min(1, (double)_bytes / _settings.MaxBytes),
                _isFailing);
        }
    }

    /// <summary>
    /// Keeps one arrival. <see cref="SpoolOutcome.Written"/> means that it is on the disk; every other outcome, that the sender must be told to try
    /// again. Cancelling gives up the answer only, with <see cref="SpoolOutcome.Late"/>: the record may still be written. Never throws.
    /// </summary>
    public async ValueTask<SpoolOutcome> AppendAsync(InboxArrival arrival, CancellationToken cancellationToken)
    {
        var outcome = SpoolOutcome.Off;
        if (IsOn)
        {
            var append = new PendingAppend(SpoolCodec.Encode(arrival), arrival.ReceivedAt);
            outcome = Enqueue(append);
            if (outcome == SpoolOutcome.Written)
            {
                outcome = await WaitAsync(append, cancellationToken).ConfigureAwait(false);
            }
        }

        _metrics.Appended(outcome);
        if (outcome != SpoolOutcome.Written)
        {
            _goesFirst = false;
        }

        return outcome;
    }

    /// <summary>Waits for the write in flight and gives the directory free. What waits in the spool stays there.</summary>
    public async ValueTask DisposeAsync()
    {
        Task idle;
        lock (_gate)
        {
            _isClosed = true;
            _idle ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            idle = _isWriting ? _idle.Task : Task.CompletedTask;
        }

        await idle.ConfigureAwait(false);
        _file?.Dispose();
        _mark?.Dispose();
        _lock?.Dispose();
    }

    private static async Task<SpoolOutcome> WaitAsync(PendingAppend append, CancellationToken cancellationToken)
    {
        try
        {
            return await append.Ended.Task.WaitAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            return SpoolOutcome.Late;
        }
    }

    private SpoolOutcome Enqueue(PendingAppend append)
    {
        lock (_gate)
        {
            if (_isClosed || append.Payload.Length > SpoolFormat.MaxPayload)
            {
                return SpoolOutcome.Failed;
            }

            var size = append.Payload.Length + SpoolFormat.RecordOverhead;
            if (_queue.Count >= MaxWaiting || _bytes + _queuedBytes + size > _settings.MaxBytes)
            {
                _fill.Full();
                return SpoolOutcome.Full;
            }

            _queue.Enqueue(append);
            _queuedBytes += size;
            if (_isWriting)
            {
                return SpoolOutcome.Written;
            }

            _isWriting = true;
        }

        // A thread of the pool for as long as there is something to write: the spool sleeps for months.
        ThreadPool.UnsafeQueueUserWorkItem(static spool => spool.WriteAll(), this, preferLocal: false);
        return SpoolOutcome.Written;
    }

    private sealed class PendingAppend(byte[] payload, DateTimeOffset receivedAt)
    {
        public byte[] Payload { get; } = payload;

        public DateTimeOffset ReceivedAt { get; } = receivedAt;

        public TaskCompletionSource<SpoolOutcome> Ended { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
