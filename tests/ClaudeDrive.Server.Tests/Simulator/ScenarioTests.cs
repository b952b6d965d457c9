using ClaudeDrive.Simulator;
using Xunit;

namespace ClaudeDrive.Server.Tests.Simulator;

public sealed class ScenarioTests
{
    [Theory]
    [InlineData("finishes", "idle", "end_turn", 0)]
    [InlineData("needs_answer", "idle", "requires_action", 1)]
    [InlineData("needs_permission", "idle", "requires_action", 1)]
    [InlineData("parallel_blockers", "idle", "requires_action", 3)]
    [InlineData("budget", "idle", "budget_reached", 0)]
    [InlineData("gives_up", "idle", "retries_exhausted", 0)]
    [InlineData("refuses", "idle", "refusal", 0)]
    [InlineData("deleted_before_archived", "terminated", null, 0)]
    [InlineData("multi_agent", "idle", "requires_action", 1)]
    [InlineData("long", "idle", "end_turn", 0)]
    [InlineData("self_hosted", "idle", "requires_action", 1)]
    public async Task Play_ToRest_StateIsAsNamed(string scenario, string status, string? stopReason, int blockers)
    {
        await using var host = await SimulatorFixtures.StartAsync();
        var id = host.StartSessions(scenario)[0];
        await host.QuietAsync();

        var state = host.TrueState(id);
        Assert.Equal(status, (string?)state["status"]);
        Assert.Equal(stopReason, (string?)state["stop_reason"]);
        Assert.Equal(blockers, state["open_blockers"]!.AsArray().Count);
        Assert.Equal(scenario == "deleted_before_archived", (bool)state["deleted"]!);
    }

    [Fact]
    public async Task Play_SameSeedTwice_StoriesAreEqual()
    {
        Assert.Equal(await StoryAsync(7), await StoryAsync(7));
    }

    [Fact]
    public async Task Play_OtherSeed_IdsDiffer()
    {
        Assert.NotEqual(await StoryAsync(7), await StoryAsync(8));
    }

    [Fact]
    public async Task Play_Mixed_EveryKindOfResourceIsEmitted()
    {
        await using var receiver = await CapturingReceiver.StartAsync();
        await using var host = await SimulatorFixtures.StartAsync(SimulatorFixtures.Fast(receiver.Url) with { Scenario = "mixed" });
        await host.QuietAsync();

        var types = receiver.Deliveries.Select(delivery => (string)delivery.Json["data"]!["type"]!).ToHashSet(StringComparer.Ordinal);
        Assert.Superset(
            new HashSet<string>(StringComparer.Ordinal)
            {
                "agent.created", "agent.updated", "agent.archived", "environment.created", "environment.updated", "environment.deleted",
                "deployment.created", "deployment.paused", "deployment_run.started", "deployment_run.succeeded", "deployment_run.failed",
                "vault.created", "vault.archived", "vault_credential.created", "vault_credential.archived", "vault_credential.refresh_failed",
                "memory_store.created", "memory_store.archived", "user_profile.enforcement_action_opened", "user_profile.program_status_updated",
                "external_key.failed", "external_key.recovered", "session.status_run_started", "session.status_idled", "session.status_rescheduled",
                "session.status_terminated", "session.deleted", "session.budget_reached", "session.thread_created", "session.thread_idled",
                "session.thread_terminated", "session.outcome_evaluation_ended",
            },
            types);
        Assert.All(host.ReadLedger().Items("events"), item => Assert.True((bool)item["delivered"]!));
    }

    [Fact]
    public async Task Play_DeletedBeforeArchived_DeletedArrivesFirst()
    {
        await using var receiver = await CapturingReceiver.StartAsync();
        await using var host = await SimulatorFixtures.StartAsync(SimulatorFixtures.Fast(receiver.Url));
        host.StartSessions("deleted_before_archived");
        await host.QuietAsync();

        var order = receiver.Deliveries.Select(delivery => (string)delivery.Json["data"]!["type"]!).ToList();
        Assert.True(order.IndexOf("session.deleted") < order.IndexOf("session.status_terminated"), string.Join(", ", order));
    }

    private static async Task<string> StoryAsync(int seed)
    {
        await using var host = await SimulatorFixtures.StartAsync(SimulatorFixtures.Fast(seed: seed) with { Scenario = "mixed", Count = 2 });
        await host.QuietAsync();
        var ledger = host.ReadLedger();
        var sessions = ledger.Items("sessions").OrderBy(session => (string)session["session_id"]!, StringComparer.Ordinal)
            .Select(session => session["session_id"] + ":" + session["event_ids"]!.ToJsonString());
        var webhooks = ledger.Items("events").GroupBy(item => (string)item["resource_id"]!, StringComparer.Ordinal).OrderBy(group => group.Key, StringComparer.Ordinal)
            .Select(group => group.Key + ":" + string.Join(',', group.Select(item => item["event_id"] + "/" + item["event_type"])));
        return string.Join('\n', sessions.Concat(webhooks));
    }
}
