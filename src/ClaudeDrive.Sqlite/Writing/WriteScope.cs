using ClaudeDrive.Sqlite.Connections;

namespace ClaudeDrive.Sqlite.Writing;

/// <summary>What a job works with: the write connection inside the batch's transaction, one "now" for the batch, and what to tell after the commit.</summary>
internal sealed class WriteScope(SqliteDatabase database, DateTimeOffset now)
{
    private readonly Dictionary<string, long> _counters = new(StringComparer.Ordinal);
    private Dictionary<string, long>? _countersBefore;

    /// <summary>The write connection.</summary>
    public SqliteDatabase Database { get; } = database;

    /// <summary>The store's clock at the start of the batch.</summary>
    public DateTimeOffset Now { get; } = now;

    /// <summary>True when a resource may have become due.</summary>
    public bool WorkChanged { get; set; }

    /// <summary>True when a send may have become due.</summary>
    public bool SendsChanged { get; set; }

    /// <summary>Changes a counter; the changes of a batch are written together before its commit.</summary>
    public void Count(string name, long delta)
    {
        if (delta != 0)
        {
            System.Runtime.InteropServices.CollectionsMarshal.GetValueRefOrAddDefault(_counters, name, out _) += delta;
        }
    }

    /// <summary>Begins the part of one job that may fail alone.</summary>
    public void BeginJob()
    {
        Database.Execute("SAVEPOINT job");
        _countersBefore = new Dictionary<string, long>(_counters, StringComparer.Ordinal);
    }

    /// <summary>Keeps what the job did.</summary>
    public void KeepJob() => Database.Execute("RELEASE job");

    /// <summary>Undoes what the job did and nothing else. Its signals stay raised: waking early is harmless.</summary>
    public void UndoJob()
    {
        Database.Execute("ROLLBACK TO job; RELEASE job");
        _counters.Clear();
        foreach (var (name, delta) in _countersBefore!)
        {
            _counters.Add(name, delta);
        }
    }

    /// <summary>Writes the counters.</summary>
    public void WriteCounters()
    {
        foreach (var (name, delta) in _counters)
        {
            using var add = Database.Use("AddCounter");
            add.Set("name", name).Set("delta", delta).Run();
        }
    }
}
