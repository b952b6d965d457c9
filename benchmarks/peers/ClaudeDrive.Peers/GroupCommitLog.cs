using System.Buffers;
using System.Buffers.Binary;
using System.Collections.Concurrent;
using Microsoft.Win32.SafeHandles;

namespace ClaudeDrive.Peers;

/// <summary>
/// An append-only file with group commit: one thread takes whatever waits, writes it with one call, flushes once, and then completes everybody. The least
/// that makes a delivery durable, so the limit for anything that does.
/// </summary>
internal sealed class GroupCommitLog : IAsyncDisposable
{
    private const int MaxBatch = 512;
    private const int MaxRecord = 4096;

    private readonly Lock _gate = new();
    private readonly Queue<AppendJob> _queue = new(MaxBatch);
    private readonly SemaphoreSlim _wake = new(0, 1);
    private readonly ConcurrentBag<AppendJob> _idle = [];
    private readonly SafeFileHandle _file;
    private readonly byte[] _buffer = GC.AllocateUninitializedArray<byte>(MaxBatch * (MaxRecord + 4), pinned: true);
    private readonly List<AppendJob> _batch = new(MaxBatch);
    private readonly Thread _thread;
    private bool _asleep;
    private bool _closing;
    private long _end;

    public GroupCommitLog(string path)
    {
        _file = File.OpenHandle(path, FileMode.CreateNew, FileAccess.Write);
        _thread = new Thread(Loop) { IsBackground = true };
        _thread.Start();
    }

    /// <summary>Appends one record; durable when it completes.</summary>
    public ValueTask AppendAsync(ReadOnlySequence<byte> body)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(body.Length, MaxRecord);
        var job = _idle.TryTake(out var used) ? used : new AppendJob(this);
        job.Body = body;
        var done = job.Done;
        lock (_gate)
        {
            _queue.Enqueue(job);
            Wake();
        }

        return done;
    }

    /// <summary>Takes a finished job back.</summary>
    public void Return(AppendJob job)
    {
        job.Body = default;
        _idle.Add(job);
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync()
    {
        lock (_gate)
        {
            _closing = true;
            Wake();
        }

        _thread.Join();
        _file.Dispose();
        _wake.Dispose();
        return ValueTask.CompletedTask;
    }

    // Called under the lock, so that at most one wake-up is under way.
    private void Wake()
    {
        if (_asleep)
        {
            _asleep = false;
            _wake.Release();
        }
    }

    private void Loop()
    {
        while (TakeBatch())
        {
            Commit();
            _batch.Clear();
        }
    }

    private bool TakeBatch()
    {
        while (true)
        {
            lock (_gate)
            {
                while (_batch.Count < MaxBatch && _queue.TryDequeue(out var job))
                {
                    _batch.Add(job);
                }

                if (_batch.Count > 0 || _closing)
                {
                    return _batch.Count > 0;
                }

                _asleep = true;
            }

            _wake.Wait();
        }
    }

    private void Commit()
    {
        try
        {
            var length = 0;
            foreach (var job in _batch)
            {
                var bytes = (int)job.Body.Length;
                BinaryPrimitives.WriteInt32LittleEndian(_buffer.AsSpan(length), bytes);
                job.Body.CopyTo(_buffer.AsSpan(length + 4));
                length += bytes + 4;
            }

            RandomAccess.Write(_file, _buffer.AsSpan(0, length), _end);
            RandomAccess.FlushToDisk(_file);
            _end += length;
        }
#pragma warning disable CA1031 // The thread's edge: whatever went wrong is answered to every sender of the batch.
        catch (Exception e)
#pragma warning restore CA1031
        {
            _batch.ForEach(job => job.Fail(e));
            return;
        }

        _batch.ForEach(static job => job.Complete());
    }
}
