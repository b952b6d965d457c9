using System.Net;
using System.Text.Json;

namespace ClaudeDrive.Cli.Api;

/// <summary>An answer of the server: its text as it came and the same parsed.</summary>
internal sealed record ApiDocument(HttpStatusCode Status, string Text, JsonElement Root);
