using ClaudeDrive.Review;

namespace ClaudeDrive.AspNetCore.Http;

/// <summary>The stable codes of problem documents (contract §3). Never renamed, never reused.</summary>
internal static class ProblemCodes
{
    public const string AlreadyAnswered = "already_answered";
    public const string AnswerDoesNotFit = AnswerRules.DoesNotFit;
    public const string BodyMalformed = "body_malformed";
    public const string BodyTooLarge = "body_too_large";
    public const string ClaimedByOther = "claimed_by_other";
    public const string CursorInvalid = "cursor_invalid";
    public const string EndpointUnknown = "endpoint_unknown";
    public const string Forbidden = "forbidden";
    public const string HostNotAllowed = "host_not_allowed";
    public const string InternalError = "internal_error";
    public const string MediaTypeUnsupported = "media_type_unsupported";
    public const string MethodNotAllowed = "method_not_allowed";
    public const string NameTaken = "name_taken";
    public const string NotADeadLetter = "not_a_dead_letter";
    public const string NotFound = "not_found";
    public const string NothingToFetch = "nothing_to_fetch";
    public const string OriginNotAllowed = "origin_not_allowed";
    public const string ParameterInvalid = "parameter_invalid";
    public const string RequestInvalid = "request_invalid";
    public const string SessionMovedOn = "session_moved_on";
    public const string StoreUnavailable = "store_unavailable";
    public const string TooMany = "too_many";
    public const string TooManyFailedKeys = "too_many_failed_keys";
    public const string TooManyStreams = "too_many_streams";
    public const string Unauthenticated = "unauthenticated";
}
