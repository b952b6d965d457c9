using ClaudeDrive.Contexts;
using ClaudeDrive.Diagnostics;
using ClaudeDrive.Hosting;
using ClaudeDrive.Hydration;
using ClaudeDrive.Inbox;
using ClaudeDrive.Ingest;
using ClaudeDrive.Storage;
using ClaudeDrive.Storage.InMemory;
using ClaudeDrive.Tests.Fakes;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace ClaudeDrive.Tests.Hosting;

public sealed class AddClaudeDriveTests
{
    private const string SigningSecret = "whsec_BwgJCgsMDQ4PEBESExQVFhcYGRobHB0eHyAhIiMkJSY=";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Start_WithAStore_LooksAtArrivalsAndCallsHandlers()
    {
        var seen = new TaskCompletionSource<ContextChanged>(TaskCreationOptions.RunContinuationsAsynchronously);
        var counted = 0;
        var time = Make.Time();
        var claude = new FakeClaude(time);
        claude.Session().Run();
        var services = Services(time, claude);
        services.AddClaudeDrive(static options => options.Hydration.ApiKey = "sk-test")
            .OnSessionChanged("tests", (change, _) =>
            {
                seen.TrySetResult(change);
                return ValueTask.CompletedTask;
            })
            .AddContextHandler<CountingHandler>();
        services.AddSingleton(new Action(() => Interlocked.Increment(ref counted)));
        await using var provider = Build(services);
        await StartAsync(provider);
        var store = provider.GetRequiredService<IInboxStore>();
        Assert.Same(provider.GetRequiredService<IDriveStore>(), store);

        await store.StoreAsync(
            new InboxArrival
            {
                Endpoint = "default",
                Envelope = new WebhookEnvelope { EventId = "wevt_1", EventType = "t", Dialect = WebhookDialect.Standard, Resource = ResourceKey.Session("sesn_1") },
                Body = "{}"u8.ToArray(),
                ReceivedAt = time.GetUtcNow(),
            },
            Token);

        var change = await seen.Task.WaitAsync(TimeSpan.FromSeconds(60), Token);
        Assert.Equal(("sesn_1", "running"), (change.Resource.Id, change.Status));
        Assert.True(SpinWait.SpinUntil(() => counted > 0, TimeSpan.FromSeconds(60)));
        Assert.True(provider.GetRequiredService<ClaudeDriveMetrics>().Reads >= 2);
        await StopAsync(provider);
    }

    [Fact]
    public async Task Start_WithoutAKey_FailsNamingIt()
    {
        var services = Services(Make.Time(), null);
        services.AddClaudeDrive();
        await using var provider = Build(services);

        var exception = Assert.Throws<OptionsValidationException>(() => provider.GetRequiredService<IStartupValidator>().Validate());
        Assert.Contains("ANTHROPIC_API_KEY", exception.Message, StringComparison.Ordinal);
        Assert.Throws<OptionsValidationException>(() => provider.GetServices<IHostedService>().ToArray());
    }

    [Fact]
    public async Task Add_Twice_AddsEveryWorkerOnce()
    {
        var services = Services(Make.Time(), null);
        services.AddClaudeDrive(static options => options.Hydration.ApiKey = "sk-test");
        services.AddClaudeDrive(static options => options.Hydration.Concurrency = 3);
        await using var provider = Build(services);

        var hosted = provider.GetServices<IHostedService>().Select(static service => service.GetType()).ToArray();
        Assert.Equal(hosted.Distinct(), hosted);
        Assert.Equal("StoreOpener", hosted[0].Name);
        Assert.Equal(("sk-test", 3), (provider.GetRequiredService<HydrationOptions>().ApiKey, provider.GetRequiredService<HydrationOptions>().Concurrency));
    }

    [Theory]
    [InlineData("all", "HydrationWorker SendWorker SessionSweep RetentionWorker HandlerWorker RejectionRecorder SpoolDrainWorker")]
    [InlineData("worker", "HydrationWorker SendWorker SessionSweep RetentionWorker HandlerWorker")]
    [InlineData("INGEST", "RejectionRecorder SpoolDrainWorker")]
    [InlineData("console", "")]
    [InlineData("console, ingest", "RejectionRecorder SpoolDrainWorker")]
    public async Task Roles_Chosen_RunTheirWorkersAndNoOthers(string roles, string expected)
    {
        var services = Services(Make.Time(), null);
        services.AddSingleton<IConfiguration>(new ConfigurationBuilder().AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["ANTHROPIC_WEBHOOK_SIGNING_KEY"] = SigningSecret,
            ["ANTHROPIC_API_KEY"] = "sk-conf",
            ["ClaudeDrive:Roles"] = roles,
        }).Build());
        services.AddClaudeDrive().OnSessionChanged("print", static (_, _) => ValueTask.CompletedTask);
        await using var provider = Build(services);

        var hosted = provider.GetServices<IHostedService>().Select(static service => service.GetType().Name).Where(static name => name != "Absent").ToArray();
        Assert.Equal(["StoreOpener", "NodeHeart"], hosted[..2]);
        Assert.Equal(expected.Split(' ', StringSplitOptions.RemoveEmptyEntries).Order(), hosted[2..].Order());
    }

    [Theory]
    [InlineData("ingest", true, false, true)]
    [InlineData("ingest", false, true, false)]
    [InlineData("worker", false, true, true)]
    [InlineData("worker", true, false, false)]
    [InlineData("console", false, false, true)]
    [InlineData("all", true, false, false)]
    [InlineData("all", false, true, false)]
    [InlineData("everything", true, true, false)]
    public async Task Roles_Chosen_NeedTheirSecretsAndNoOthers(string roles, bool hasSigningKey, bool hasApiKey, bool starts)
    {
        var services = Services(Make.Time(), null);
        services.AddSingleton<IConfiguration>(new ConfigurationBuilder().AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["ANTHROPIC_WEBHOOK_SIGNING_KEY"] = hasSigningKey ? SigningSecret : null,
            ["ANTHROPIC_API_KEY"] = hasApiKey ? "sk-conf" : null,
            ["ClaudeDrive:Roles"] = roles,
        }).Build());
        services.AddClaudeDrive();
        await using var provider = Build(services);

        var problem = Record.Exception(() => provider.GetRequiredService<IStartupValidator>().Validate());

        Assert.Equal(starts, problem is null);
    }

    [Fact]
    public async Task Add_Configuration_IsReadAndThenChangedByCode()
    {
        var services = Services(Make.Time(), null);
        services.AddSingleton<IConfiguration>(new ConfigurationBuilder().AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["ANTHROPIC_WEBHOOK_SIGNING_KEY"] = SigningSecret,
            ["ANTHROPIC_API_KEY"] = "sk-conf",
            ["ClaudeDrive:Hydration:Concurrency"] = "2",
            ["ClaudeDrive:Hydration:MaxAttempts"] = "7",
        }).Build());
        services.AddClaudeDrive(static options => options.Hydration.Concurrency = 5);
        await using var provider = Build(services);

        var options = provider.GetRequiredService<IOptions<ClaudeDriveOptions>>().Value.Hydration;
        Assert.Equal(("sk-conf", 5, 7), (options.ApiKey, options.Concurrency, options.MaxAttempts));
    }

    [Fact]
    public void OnSessionChanged_WithoutAName_IsRefused()
    {
        var builder = new ServiceCollection().AddClaudeDrive();
        Assert.Throws<ArgumentException>(() => builder.OnSessionChanged(" ", static (_, _) => ValueTask.CompletedTask));
    }

    private static ServiceCollection Services(FakeTimeProvider time, FakeClaude? claude)
    {
        var services = new ServiceCollection();
        services.AddLogging();
        services.AddSingleton<IConfiguration>(new ConfigurationBuilder()
            .AddInMemoryCollection(new Dictionary<string, string?> { ["ANTHROPIC_WEBHOOK_SIGNING_KEY"] = SigningSecret }).Build());
        services.AddSingleton<TimeProvider>(time);
        services.AddSingleton<IDriveStore>(new InMemoryDriveStore(time, Coalescing.Default));
        if (claude is not null)
        {
            services.AddSingleton(_ => Make.Api(claude.Transport, time, _.GetRequiredService<ClaudeDriveMetrics>()));
        }

        return services;
    }

    private static ServiceProvider Build(ServiceCollection services) =>
        services.BuildServiceProvider(new ServiceProviderOptions { ValidateOnBuild = true, ValidateScopes = true });

    // What a host does.
    private static async Task StartAsync(ServiceProvider provider)
    {
        provider.GetRequiredService<IStartupValidator>().Validate();
        var hosted = provider.GetServices<IHostedService>().ToArray();
        foreach (var service in hosted.OfType<IHostedLifecycleService>())
        {
            await service.StartingAsync(Token);
        }

        foreach (var service in hosted)
        {
            await service.StartAsync(Token);
        }
    }

    private static async Task StopAsync(ServiceProvider provider)
    {
        foreach (var service in provider.GetServices<IHostedService>().Reverse())
        {
            await service.StopAsync(Token);
        }
    }

    private sealed class CountingHandler(Action count) : IContextHandler
    {
        public ValueTask OnContextChangedAsync(ContextChanged change, CancellationToken cancellationToken)
        {
            count();
            return ValueTask.CompletedTask;
        }
    }
}
