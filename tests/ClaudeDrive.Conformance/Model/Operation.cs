using CsCheck;

namespace ClaudeDrive.Conformance.Model;

/// <summary>One random call. What <paramref name="A"/> and <paramref name="B"/> select depends on the kind; the model maps them to what exists.</summary>
internal readonly record struct Operation(OperationKind Kind, int A, int B)
{
    public static Gen<Operation[]> Sequences { get; } = Gen
        .Select(Gen.Enum<OperationKind>(), Gen.Int[0, 999], Gen.Int[0, 999], (kind, a, b) => new Operation(kind, a, b))
        .Array[1, 80];
}

/// <summary>The calls that change a store, and the passing of time. Frequent ones are listed twice, so that they are drawn twice as often.</summary>
internal enum OperationKind
{
    StoreNew,
    StoreAnother,
    StoreRepeat,
    Claim,
    ClaimSome,
    Apply,
    ApplyAnother,
    Retry,
    Snooze,
    Park,
    Release,
    Renew,
    Request,
    RetryDead,
    DiscardDead,
    Pass,
    PassAgain,
    ClaimReview,
    ReleaseReview,
    Answer,
    AnswerAnother,
    ClaimSends,
    EndSend,
}
