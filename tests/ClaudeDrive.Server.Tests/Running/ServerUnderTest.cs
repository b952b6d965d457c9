using ClaudeDrive.Hosting;
using ClaudeDrive.Inbox;
using ClaudeDrive.Ingest;
using ClaudeDrive.SecretScan;
using ClaudeDrive.Server;
using ClaudeDrive.Storage;
using ClaudeDrive.Storage.InMemory;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.TestHost;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace ClaudeDrive.Server.Tests.Running;

/// <summary>The server as shipped, with the in-memory store, a clock of ours, and no workers. In memory, or on a port with <c>onPort</c>.</summary>
internal sealed class ServerUnderTest : IAsyncDisposable
{
    public const string AdminKey = "cd_test-administrator-key";

    /// <summary>One limit for everything that waits on a real signal.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private ServerUnderTest(WebApplication app, InMemoryDriveStore store, FakeTimeProvider time, LogCatcher log, Uri address)
    {
        App = app;
        Store = store;
        Time = time;
        Log = log;
        Address = address;
        Client = new HttpClient(new AnswerWitness(app.Services.GetService<IServer>() is TestServer test
            ? test.CreateHandler()
            : new SocketsHttpHandler
            {
                AllowAutoRedirect = false,
#pragma warning disable CA5359 // Tests make the certificates that their servers show.
                SslOptions = { RemoteCertificateValidationCallback = static (_, _, _, _) => true },
#pragma warning restore CA5359
            }));
        Client.BaseAddress = address;
        Client.DefaultRequestHeaders.Add("Authorization", $"Bearer {AdminKey}");
    }

    public WebApplication App { get; }

    public InMemoryDriveStore Store { get; }

    public FakeTimeProvider Time { get; }

    public LogCatcher Log { get; }

    public Uri Address { get; }

    /// <summary>Sends the administrator's key.</summary>
    public HttpClient Client { get; }

    public RejectionRecorder Rejections => App.Services.GetRequiredService<RejectionRecorder>();

    public static async Task<ServerUnderTest> StartAsync(
        Dictionary<string, string?>? settings = null,
        Func<InMemoryDriveStore, IDriveStore>? wrap = null,
        Action<IServiceCollection>? services = null,
        bool onPort = false,
        TimeProvider? clock = null,
        FakeTimeProvider? shared = null,
        string url = "http://127.0.0.1:0")
    {
        var time = shared ?? new FakeTimeProvider(Vectors.Now);
        var store = new InMemoryDriveStore(clock ?? time, Coalescing.Default);
        var log = new LogCatcher();
        var all = new Dictionary<string, string?>
        {
            ["ANTHROPIC_WEBHOOK_SIGNING_KEY"] = Vectors.SecretA,
            ["ClaudeDrive:AdminKey"] = AdminKey,
        };
        foreach (var (key, value) in settings ?? [])
        {
            all[key] = value;
        }

        var app = ServerHost.Build(new ServerOptions
        {
            Settings = all,
            Urls = [url],
            AnnounceAdminKey = key => log.Announced = key,
            AddDrive = builder =>
            {
                builder.Services.AddSingleton<TimeProvider>(clock ?? time);
                builder.Services.AddSingleton(wrap?.Invoke(store) ?? store);
                builder.Services.AddReceiver();
                services?.Invoke(builder.Services);
            },
            Configure = builder =>
            {
                builder.Logging.ClearProviders();
                builder.Logging.SetMinimumLevel(LogLevel.Trace);
                builder.Logging.AddProvider(log);
                if (!onPort)
                {
                    builder.WebHost.UseTestServer();
                }
            },
        });
        await app.StartAsync(TestContext.Current.CancellationToken);
        var address = onPort
            ? new Uri(app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First())
            : new Uri("http://localhost/");
        return new ServerUnderTest(app, store, time, log, address);
    }

    /// <summary>A client that sends no key by itself.</summary>
    public HttpClient NewClient()
    {
        var client = App.GetTestClient();
        client.BaseAddress = Address;
        return client;
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await App.DisposeAsync();
        SuiteOutput.Write("log", Log.Text + "\n");
    }
}
