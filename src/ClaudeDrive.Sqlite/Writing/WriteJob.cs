namespace ClaudeDrive.Sqlite.Writing;

/// <summary>
/// One piece of work for the writer. The writer takes it, runs it inside the batch's transaction, and ends it after the commit: with its result,
/// or with the exception of the batch. A job that nobody took yet can still be withdrawn by its caller.
/// </summary>
internal abstract class WriteJob
{
    /// <summary>True when its failure must leave the rest of the batch alone: it runs inside a savepoint.</summary>
    public abstract bool FailsAlone { get; }

    /// <summary>False when the caller withdrew it: nothing of it may be touched any more.</summary>
    public abstract bool TryTake();

    /// <summary>Does the work, on the writer's thread.</summary>
    public abstract void Run(WriteScope scope);

    /// <summary>The commit succeeded.</summary>
    public abstract void Complete();

    /// <summary>Nothing of it is stored.</summary>
    public abstract void Fail(Exception cause);
}
