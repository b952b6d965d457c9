using System.Text.Json.Nodes;
using ClaudeDrive.Simulator;
using Xunit;

namespace ClaudeDrive.Server.Tests.Simulator;

/// <summary>The official TypeScript SDK drives the simulator and verifies its deliveries.</summary>
public sealed class TypeScriptSdkTests
{
    [Fact]
    public async Task Drive_WholeLifeOfASession_EveryCallWorks()
    {
        await using var host = await SimulatorFixtures.StartAsync();
        host.StartSessions("finishes", 3);
        var printed = await NodeScripts.RunAsync("sessions.mjs", host.BaseUrl.ToString());
        var streamed = printed["streamed"]!.AsArray().Select(node => (string)node!).ToList();

        Assert.Contains("agent.custom_tool_use", streamed);
        Assert.Contains("user.custom_tool_result", streamed);
        Assert.Equal("session.status_idle", streamed[^1]);
        await host.QuietAsync();
    }

    [Fact]
    public async Task Read_OtherResources_EveryKindIsReadable()
    {
        await using var host = await SimulatorFixtures.StartAsync(SimulatorFixtures.Fast() with { Scenario = "mixed" });
        await host.QuietAsync();
        var file = await TemporaryAsync(host.ReadLedger()["resources"]!.ToJsonString());
        try
        {
            var counts = await NodeScripts.RunAsync("resources.mjs", host.BaseUrl.ToString(), file);
            Assert.Equal(9, counts.Count);
        }
        finally
        {
            File.Delete(file);
        }
    }

    [Fact]
    public async Task Unwrap_CapturedDeliveries_GenuinePassTamperedFail()
    {
        await using var receiver = await CapturingReceiver.StartAsync();
        await using var host = await SimulatorFixtures.StartAsync(
            SimulatorFixtures.Fast(receiver.Url) with { Scenario = "mixed", Faults = new Dictionary<string, FaultSetting> { ["two_signatures"] = new(0.5) } });
        await host.QuietAsync();
        var captured = new JsonArray([.. receiver.Deliveries.Select(delivery => (JsonNode)new JsonObject
        {
            ["headers"] = new JsonObject
            {
                ["webhook-id"] = delivery.Header("webhook-id"),
                ["webhook-timestamp"] = delivery.Header("webhook-timestamp"),
                ["webhook-signature"] = delivery.Header("webhook-signature"),
            },
            ["body"] = delivery.Text,
        })]);
        var file = await TemporaryAsync(new JsonObject { ["key"] = host.Secret, ["deliveries"] = captured }.ToJsonString());
        try
        {
            var printed = await NodeScripts.RunAsync("unwrap.mjs", file);
            Assert.Equal(receiver.Deliveries.Count, printed["types"]!.AsArray().Count);
            Assert.Contains("session.status_idled", printed["types"]!.AsArray().Select(node => (string)node!));
        }
        finally
        {
            File.Delete(file);
        }
    }

    private static async Task<string> TemporaryAsync(string text)
    {
        var file = Path.Combine(Path.GetTempPath(), "claudedrive-" + Path.GetRandomFileName() + ".json");
        await File.WriteAllTextAsync(file, text, TestContext.Current.CancellationToken);
        return file;
    }
}
