using System.Text;
using System.Text.Json.Nodes;

namespace ClaudeDrive.Server.Tests.Simulator;

/// <summary>One delivery as it came over the wire.</summary>
internal sealed record CapturedDelivery(string Path, IReadOnlyDictionary<string, string> Headers, byte[] Body)
{
    public JsonObject Json => JsonNode.Parse(Body)!.AsObject();

    public string Text => Encoding.UTF8.GetString(Body);

    public string Id => (string)Json["id"]!;

    public string Header(string name) => Headers.GetValueOrDefault(name, "");
}
