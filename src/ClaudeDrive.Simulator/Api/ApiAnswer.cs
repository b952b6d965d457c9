using System.Text.Json.Nodes;

namespace ClaudeDrive.Simulator.Api;

/// <summary>What a route answers: a status with either a body or an error (reference §6).</summary>
internal sealed record ApiAnswer(int Status, string? Body, string? ErrorType = null, string? Message = null, string? ErrorCode = null)
{
    /// <summary>Set when user events were stored by this request, for the fault <c>drop_response_after_commit</c>.</summary>
    public bool StoredUserEvents { get; init; }

    /// <summary>200 with an object.</summary>
    public static ApiAnswer Ok(JsonNode body) => new(200, body.ToJsonString(WireJson.Options));

    /// <summary>200 with JSON text.</summary>
    public static ApiAnswer Json(string body) => new(200, body);

    /// <summary>400 <c>invalid_request_error</c>.</summary>
    public static ApiAnswer Invalid(string message, string? code = null) => new(400, null, "invalid_request_error", message, code);

    /// <summary>404 <c>not_found_error</c>.</summary>
    public static ApiAnswer NotFound(string what, string? code = null) => new(404, null, "not_found_error", what + " not found", code);

    /// <summary>The error body with the id of the request.</summary>
    public string ErrorBody(string requestId)
    {
        var error = new JsonObject { ["type"] = ErrorType, ["message"] = Message };
        if (ErrorCode is not null)
        {
            error["details"] = new JsonObject { ["error_code"] = ErrorCode };
        }

        return new JsonObject { ["type"] = "error", ["error"] = error, ["request_id"] = requestId }.ToJsonString(WireJson.Options);
    }
}
