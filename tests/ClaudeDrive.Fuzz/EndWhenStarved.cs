using System.IO.Pipelines;

namespace ClaudeDrive.Fuzz;

/// <summary>
/// What a client sent, which ends when the server asks for more than there is. Not before: Kestrel takes a client that has ended for one that left, and
/// breaks off what it was answering.
/// </summary>
internal sealed class EndWhenStarved(Pipe pipe) : PipeReader
{
    public override async ValueTask<ReadResult> ReadAsync(CancellationToken cancellationToken = default)
    {
        if (pipe.Reader.TryRead(out var result))
        {
            return result;
        }

        await pipe.Writer.CompleteAsync();
        return await pipe.Reader.ReadAsync(cancellationToken);
    }

    public override bool TryRead(out ReadResult result) => pipe.Reader.TryRead(out result);

    public override void AdvanceTo(SequencePosition consumed) => pipe.Reader.AdvanceTo(consumed);

    public override void AdvanceTo(SequencePosition consumed, SequencePosition examined) => pipe.Reader.AdvanceTo(consumed, examined);

    public override void CancelPendingRead() => pipe.Reader.CancelPendingRead();

    public override void Complete(Exception? exception = null) => pipe.Reader.Complete(exception);
}
