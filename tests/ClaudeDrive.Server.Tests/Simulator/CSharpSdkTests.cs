using Anthropic;
using Anthropic.Exceptions;
using Anthropic.Models.Beta;
using Anthropic.Models.Beta.Organization.Webhooks;
using Anthropic.Models.Beta.Sessions;
using Anthropic.Models.Beta.Sessions.Events;
using ClaudeDrive.Simulator;
using Xunit;

namespace ClaudeDrive.Server.Tests.Simulator;

/// <summary>The official C# SDK reads every route with its strict validation on.</summary>
public sealed class CSharpSdkTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Read_SessionsOfAllScenarios_EveryObjectIsValid()
    {
        await using var host = await SimulatorFixtures.StartAsync(SimulatorFixtures.Fast() with { Scenario = "mixed" });
        await host.QuietAsync();
        using var client = Client(host);

        var page = await client.Beta.Sessions.List(new SessionListParams { IncludeArchived = true, Limit = 3 }, Token);
        var seen = 0;
        await foreach (var session in page.Paginate(Token))
        {
            session.Validate();
            (await client.Beta.Sessions.Retrieve(session.ID, cancellationToken: Token)).Validate();
            await ReadEventsAsync(client, session.ID);
            await ReadThreadsAsync(client, session.ID);
            (await client.Beta.Sessions.Resources.List(session.ID, cancellationToken: Token)).Validate();
            seen++;
        }

        Assert.Equal(11, seen);
    }

    [Fact]
    public async Task Read_OtherResources_EveryObjectIsValid()
    {
        await using var host = await SimulatorFixtures.StartAsync(SimulatorFixtures.Fast() with { Scenario = "mixed" });
        await host.QuietAsync();
        using var client = Client(host);
        var read = 0;
        foreach (var resource in host.ReadLedger().Items("resources").Where(resource => (string)resource["state"]! != "deleted"))
        {
            var id = (string)resource["id"]!;
            await RetrieveAsync(client, host, (string)resource["type"]!, id);
            read++;
        }

        (await client.Beta.Agents.List(cancellationToken: Token)).Validate();
        (await client.Beta.Environments.List(cancellationToken: Token)).Validate();
        (await client.Beta.Deployments.List(cancellationToken: Token)).Validate();
        (await client.Beta.DeploymentRuns.List(cancellationToken: Token)).Validate();
        (await client.Beta.Vaults.List(cancellationToken: Token)).Validate();
        (await client.Beta.MemoryStores.List(cancellationToken: Token)).Validate();
        (await client.UserProfiles.List(cancellationToken: Token)).Validate();
        (await client.Beta.Organization.ExternalKeys.List(cancellationToken: Token)).Validate();
        Assert.True(read >= 15, $"read {read}");
    }

    [Fact]
    public async Task Send_AnswerToCustomTool_SessionResumesAndEndsItsTurn()
    {
        await using var host = await SimulatorFixtures.StartAsync();
        var id = host.StartSessions("needs_answer")[0];
        await host.QuietAsync();
        using var client = Client(host);
        var blocker = (string)host.TrueState(id)["open_blockers"]![0]!;

        var sent = await client.Beta.Sessions.Events.Send(id, Answer(blocker), Token);
        sent.Validate();
        await host.QuietAsync();

        Assert.Equal("end_turn", (string)host.TrueState(id)["stop_reason"]!);
        var answer = host.ReadLedger().Items("user_events").Single();
        Assert.Equal(blocker, (string)answer["answers"]!);
        Assert.Equal(1, (int)answer["count"]!);
        await Assert.ThrowsAsync<AnthropicBadRequestException>(() => client.Beta.Sessions.Events.Send(id, Answer(blocker), Token));
        Assert.Single(host.ReadLedger().Items("refused_user_events"));
    }

    [Fact]
    public async Task Create_UpdateArchiveDelete_EveryAnswerIsValid()
    {
        await using var host = await SimulatorFixtures.StartAsync();
        using var client = Client(host);
        var agent = (await client.Beta.Agents.List(cancellationToken: Token)).Items[0];
        var environment = (await client.Beta.Environments.List(cancellationToken: Token)).Items[0];

        var session = await client.Beta.Sessions.Create(new SessionCreateParams { Agent = agent.ID, EnvironmentID = environment.ID, Title = "mine" }, Token);
        session.Validate();
        Assert.Equal("idle", session.Status.Raw());
        (await client.Beta.Sessions.Update(session.ID, new SessionUpdateParams { Title = "yours" }, Token)).Validate();
        (await client.Beta.Sessions.Archive(session.ID, cancellationToken: Token)).Validate();
        (await client.Beta.Sessions.Delete(session.ID, cancellationToken: Token)).Validate();

        await Assert.ThrowsAsync<AnthropicNotFoundException>(() => client.Beta.Sessions.Retrieve(session.ID, cancellationToken: Token));
    }

    [Fact]
    public async Task Stream_WhileAnswering_EventsArriveAndAreValid()
    {
        await using var host = await SimulatorFixtures.StartAsync();
        var id = host.StartSessions("needs_answer")[0];
        await host.QuietAsync();
        using var client = Client(host);
        var types = new List<string>();
        var answered = false;
        await using var stream = client.Beta.Sessions.Events.StreamStreaming(id, cancellationToken: Token).GetAsyncEnumerator(Token);
        var next = stream.MoveNextAsync();
        while (!answered)
        {
            // The stream has no replay: answer only once the simulator knows the reader.
            lock (host.World.Gate)
            {
                answered = host.World.Sessions.Find(id)!.Streams.Count > 0;
            }

            await Task.Yield();
        }

        await client.Beta.Sessions.Events.Send(id, Answer((string)host.TrueState(id)["open_blockers"]![0]!), Token);
        while (await next)
        {
            stream.Current.Validate();
            types.Add(stream.Current.Type.Raw());
            if (types[^1] == "session.status_idle")
            {
                break;
            }

            next = stream.MoveNextAsync();
        }

        Assert.Equal(["user.custom_tool_result", "session.status_running"], types.Take(2));
        Assert.Contains("agent.message", types);
    }

    [Fact]
    public async Task Act_OnResources_EveryAnswerIsValid()
    {
        await using var host = await SimulatorFixtures.StartAsync(SimulatorFixtures.Fast() with { Scenario = "mixed" });
        await host.QuietAsync();
        using var client = Client(host);
        var deployment = (await client.Beta.Deployments.List(cancellationToken: Token)).Items[0].ID;
        (await client.Beta.Deployments.Unpause(deployment, cancellationToken: Token)).Validate();
        (await client.Beta.Deployments.Pause(deployment, cancellationToken: Token)).Validate();
        (await client.Beta.Deployments.Run(deployment, cancellationToken: Token)).Validate();
        var agent = (await client.Beta.Agents.List(cancellationToken: Token)).Items.Single(item => item.Name == "refunds");
        var versions = await client.Beta.Agents.Versions.List(agent.ID, cancellationToken: Token);
        versions.Validate();
        Assert.Equal([2, 1], versions.Items.Select(item => item.Version));
        (await client.Beta.Agents.Archive(agent.ID, cancellationToken: Token)).Validate();
        var vault = (await client.Beta.Vaults.List(cancellationToken: Token)).Items[0].ID;
        var credential = (await client.Beta.Vaults.Credentials.List(vault, cancellationToken: Token)).Items[0].ID;
        (await client.Beta.Vaults.Credentials.McpOAuthValidate(credential, new() { VaultID = vault }, Token)).Validate();
        (await client.Beta.Vaults.Archive(vault, cancellationToken: Token)).Validate();
        var key = (await client.Beta.Organization.ExternalKeys.List(cancellationToken: Token)).Items[0].ID;
        (await client.Beta.Organization.ExternalKeys.Validate(key, cancellationToken: Token)).Validate();
        Assert.Contains(host.ReadLedger().Items("events"), item => (string)item["event_type"]! == "deployment.unpaused");
    }

    [Fact]
    public async Task OrganizationWebhooks_WholeLife_EveryAnswerIsValid()
    {
        await using var host = await SimulatorFixtures.StartAsync();
        using var client = Client(host);
        var service = client.Beta.Organization.Webhooks;

        var created = await service.Create(new WebhookCreateParams { UrlValue = "https://hooks.example.com/claude", EnabledEvents = [EnabledEvent.ExternalKeyFailed] }, Token);
        created.Validate();
        (await service.Retrieve(created.ID, cancellationToken: Token)).Validate();
        (await service.Update(created.ID, new WebhookUpdateParams { Name = "prod" }, Token)).Validate();
        (await service.List(cancellationToken: Token)).Validate();
        (await service.RegenerateSigningSecret(created.ID, cancellationToken: Token)).Validate();
        (await service.Delete(created.ID, cancellationToken: Token)).Validate();
    }

    private static AnthropicClient Client(SimulatorHost host) => new()
    {
        ApiKey = "test-key",
        BaseUrl = host.BaseUrl.ToString(),
        MaxRetries = 0,
        ResponseValidation = true,
    };

    private static EventSendParams Answer(string blocker) => new()
    {
        Events = [new BetaManagedAgentsUserCustomToolResultEventParams { CustomToolUseID = blocker, Content = [new BetaManagedAgentsTextBlock { Text = "approved" }] }],
    };

    private static async Task ReadEventsAsync(AnthropicClient client, string id)
    {
        var page = await client.Beta.Sessions.Events.List(id, new EventListParams { Limit = 7 }, Token);
        await foreach (var item in page.Paginate(Token))
        {
            item.Validate();
            Assert.NotNull(item.Value);
        }
    }

    private static async Task ReadThreadsAsync(AnthropicClient client, string id)
    {
        var page = await client.Beta.Sessions.Threads.List(id, cancellationToken: Token);
        foreach (var thread in page.Items)
        {
            thread.Validate();
            var parameters = new Anthropic.Models.Beta.Sessions.Threads.ThreadRetrieveParams { SessionID = id, ThreadID = thread.ID };
            (await client.Beta.Sessions.Threads.Retrieve(parameters, Token)).Validate();
            var events = new Anthropic.Models.Beta.Sessions.Threads.Events.EventListParams { SessionID = id, ThreadID = thread.ID };
            (await client.Beta.Sessions.Threads.Events.List(events, Token)).Validate();
        }
    }

    private static async Task RetrieveAsync(AnthropicClient client, SimulatorHost host, string type, string id)
    {
        ModelCheck check = type switch
        {
            "agent" => (await client.Beta.Agents.Retrieve(id, cancellationToken: Token)).Validate,
            "environment" => (await client.Beta.Environments.Retrieve(id, cancellationToken: Token)).Validate,
            "deployment" => (await client.Beta.Deployments.Retrieve(id, cancellationToken: Token)).Validate,
            "deployment_run" => (await client.Beta.DeploymentRuns.Retrieve(id, cancellationToken: Token)).Validate,
            "vault" => (await client.Beta.Vaults.Retrieve(id, cancellationToken: Token)).Validate,
            "vault_credential" => (await client.Beta.Vaults.Credentials.Retrieve(id, new() { VaultID = VaultOf(host, id) }, Token)).Validate,
            "memory_store" => (await client.Beta.MemoryStores.Retrieve(id, cancellationToken: Token)).Validate,
            "user_profile" => (await client.UserProfiles.Retrieve(id, cancellationToken: Token)).Validate,
            "external_key" => (await client.Beta.Organization.ExternalKeys.Retrieve(id, cancellationToken: Token)).Validate,
            _ => throw new InvalidOperationException("No reader for " + type),
        };
        check();
    }

    private static string VaultOf(SimulatorHost host, string id)
    {
        lock (host.World.Gate)
        {
            return host.World.Resources.All.Single(record => record.Id == id).VaultId!;
        }
    }

    private delegate void ModelCheck();
}
