namespace ClaudeDrive.AspNetCore.Http;

/// <summary>A refusal on its way to the caller (RFC 9457). Its texts are ours alone: never a body, a header value or any part of a secret.</summary>
/// <param name="Status">HTTP status.</param>
/// <param name="Code">Stable code, one of <see cref="ProblemCodes"/>.</param>
/// <param name="Detail">One sentence that says what to mend.</param>
/// <param name="Parameter">Name of the parameter or body field at fault; null when none is.</param>
/// <param name="RetryAfter">Seconds after which a retry makes sense; null when none does.</param>
internal sealed record Problem(int Status, string Code, string Detail, string? Parameter = null, int? RetryAfter = null)
{
    public static Problem BadParameter(string parameter, string detail) => new(400, ProblemCodes.ParameterInvalid, detail, parameter);

    public static Problem NotFound(string detail = "There is nothing here, or nothing that this caller may see.") =>
        new(404, ProblemCodes.NotFound, detail);

    public static Problem Forbidden { get; } = new(403, ProblemCodes.Forbidden, "The caller's role does not allow this here.");

    /// <summary>Refuses what the caller may not do: as if it did not exist when it may not be seen either.</summary>
    public static Problem NotAllowed(bool isSeen) => isSeen ? Forbidden : NotFound();

    public static Problem BodyMalformed(string detail) => new(400, ProblemCodes.BodyMalformed, detail);

    public static Problem StoreUnavailable { get; } =
        new(503, ProblemCodes.StoreUnavailable, "The store cannot commit now. Try again.", RetryAfter: 5);
}
