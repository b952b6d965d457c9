using System.Text.Json.Nodes;

namespace ClaudeDrive.Simulator.Control;

/// <summary>Answer of a control route: 200, or a problem document with a stable <c>code</c>.</summary>
internal sealed record ControlAnswer(int Status, JsonObject Body)
{
    public static ControlAnswer Ok(JsonObject body) => new(200, body);

    public static ControlAnswer Invalid(string code, string detail) => Problem(400, code, detail);

    public static ControlAnswer Missing(string code, string detail) => Problem(404, code, detail);

    private static ControlAnswer Problem(int status, string code, string detail) => new(status, new JsonObject
    {
        ["type"] = "about:blank",
        ["title"] = status == 404 ? "Not found" : "Invalid request",
        ["status"] = status,
        ["code"] = code,
        ["detail"] = detail,
    });
}
