using System.Text.Json;
using ClaudeDrive.Ingest;
using Xunit;

namespace ClaudeDrive.Tests.Ingest;

/// <summary>Runs every payload of the corpus from sender to envelope. What is expected follows from the corpus' own ids, not from the code.</summary>
public sealed class PayloadCorpusTests
{
    private static readonly string Root = Path.Combine(AppContext.BaseDirectory, "Payloads");

    public static TheoryData<string, string> Payloads
    {
        get
        {
            var data = new TheoryData<string, string>();
            foreach (var file in Directory.EnumerateFiles(Root, "*.json", SearchOption.AllDirectories).Order(StringComparer.Ordinal))
            {
                data.Add(Path.GetFileName(Path.GetDirectoryName(file)!), Path.GetFileNameWithoutExtension(file));
            }

            return data;
        }
    }

    [Theory]
    [MemberData(nameof(Payloads))]
    public void Verify_CorpusPayload_GivesItsEnvelope(string type, string name)
    {
        var body = File.ReadAllBytes(Path.Combine(Root, type, name + ".json"));
        var json = JsonElement.Parse(body);
        var id = json.GetProperty("id").GetString()!;
        var ids = name == "guide" ? json : json.GetProperty("data");

        var envelope = WebhookRequests.Standard(body, id).Envelope();

        Assert.True(envelope.IsParsed);
        Assert.Equal(type, envelope.EventType);
        Assert.Equal(id, envelope.EventId);
        Assert.Equal(name == "guide" ? WebhookDialect.Guide : WebhookDialect.Standard, envelope.Dialect);
        Assert.Equal(json.GetProperty("created_at").GetDateTimeOffset(), envelope.CreatedAt);
        Assert.Equal("org_01CORPUS", envelope.OrganizationId);
        Assert.Equal(Text(ids, "workspace_id"), envelope.WorkspaceId);
        Assert.Equal(type.EndsWith(".deleted", StringComparison.Ordinal), envelope.IsDeletion);
        AssertResource(type, name == "guide" ? FlatId(type, json) : Text(ids, "id")!, ids, envelope);
    }

    [Theory]
    [MemberData(nameof(Payloads))]
    public void Verify_CorpusPayloadSignedOverTheBodyAlone_GivesTheSameEvent(string type, string name)
    {
        var body = File.ReadAllBytes(Path.Combine(Root, type, name + ".json"));
        var json = JsonElement.Parse(body);
        var guide = WebhookRequests.Make(
            body,
            guide: new(default, default, WebhookSignature.SignBodyOnly(body, WebhookRequests.Secret)),
            at: json.GetProperty("created_at").GetDateTimeOffset());

        var envelope = guide.Envelope();

        Assert.Equal(WebhookRequests.Standard(body, json.GetProperty("id").GetString()!).Envelope(), envelope);
    }

    [Fact]
    public void Corpus_AndCatalog_NameTheSameTypes()
    {
        var folders = Directory.GetDirectories(Root).Select(Path.GetFileName).Order(StringComparer.Ordinal);
        var types = EventCatalog.Standard.Concat(EventCatalog.GuideOnly).Select(r => r.EventType).Order(StringComparer.Ordinal);

        Assert.Equal(types, folders);
        Assert.All(EventCatalog.Standard, rule => Assert.Equal(["extras.json", "guide.json", "thin.json"], Files(rule.EventType)));
        Assert.All(EventCatalog.GuideOnly, rule => Assert.Equal(["guide.json"], Files(rule.EventType)));
    }

    [Fact]
    public void Corpus_EventIds_AreUnique()
    {
        var ids = Directory.GetFiles(Root, "*.json", SearchOption.AllDirectories)
            .Select(file => JsonElement.Parse(File.ReadAllBytes(file)).GetProperty("id").GetString()).ToList();

        Assert.Equal(ids.Count, ids.Distinct(StringComparer.Ordinal).Count());
    }

    private static void AssertResource(string type, string id, JsonElement ids, WebhookEnvelope envelope)
    {
        var family = type[..type.IndexOf('.', StringComparison.Ordinal)];
        if (type.StartsWith("session.thread_", StringComparison.Ordinal))
        {
            Assert.Equal($"session_thread/{Text(ids, "session_thread_id")}", envelope.Resource.ToString());
            Assert.Equal((id, id), (envelope.ParentId, envelope.SessionId));
        }
        else if (family is "session" or "tool")
        {
            Assert.Equal(($"session/{id}", null, id), (envelope.Resource.ToString(), envelope.ParentId, envelope.SessionId));
        }
        else
        {
            var parent = family == "vault_credential" ? Text(ids, "vault_id") : null;
            Assert.Equal(($"{family}/{id}", parent, null), (envelope.Resource.ToString(), envelope.ParentId, envelope.SessionId));
        }
    }

    private static string FlatId(string type, JsonElement json) =>
        Text(json, type.StartsWith("tool.", StringComparison.Ordinal) ? "session_id" : type[..type.IndexOf('.', StringComparison.Ordinal)] + "_id")!;

    private static string? Text(JsonElement json, string name) => json.TryGetProperty(name, out var value) ? value.GetString() : null;

    private static IEnumerable<string?> Files(string type) =>
        Directory.GetFiles(Path.Combine(Root, type)).Select(Path.GetFileName).Order(StringComparer.Ordinal);
}
