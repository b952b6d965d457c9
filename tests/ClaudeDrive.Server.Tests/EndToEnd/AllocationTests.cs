using System.Globalization;
using System.Net.Http.Headers;
using System.Text.RegularExpressions;
using ClaudeDrive.Chaos.Nodes;
using ClaudeDrive.Ingest;
using Npgsql;
using Xunit;

namespace ClaudeDrive.Server.Tests.EndToEnd;

/// <summary>
/// What a delivery costs the memory of the real program, as it counts by itself: a regression guard that does not look at a clock. One delivery at
/// a time, so each carries the whole cost of its batch; under load it is less (<c>eng/bench</c>). Who raises a bound makes every delivery slower,
/// and says why here.
/// </summary>
public sealed partial class AllocationTests(ITestOutputHelper output)
{
    private const string Secret = "whsec_BwgJCgsMDQ4PEBESExQVFhcYGRobHB0eHyAhIiMkJSY=";
    private const string Connection = "CLAUDEDRIVE_TEST_POSTGRES";

    /// <summary>Enough for the compilers to come to rest.</summary>
    private const string AdminKey = "cd_allocation_test_administrator_key";

    private const int WarmUp = 3000;

    private const int Measured = 2000;

    private static readonly string Schema = FormattableString.Invariant($"allocation_{System.Environment.ProcessId}");

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("sqlite", 2900)]
    [InlineData("postgresql", 25_000)]
    public async Task Deliver_WarmedUp_AllocatesNoMoreThanItsBound(string store, int bound)
    {
        var directory = Directory.CreateTempSubdirectory("claudedrive-allocation-").FullName;
        var setup = new ServerSetup(
            FormattableString.Invariant($"http://127.0.0.1:{Ports.Free()}"), directory, AdminKey, Environment(store));
        using (var server = await ServerProcess.StartAsync(setup, Token))
        {
            using var http = new HttpClient { BaseAddress = new Uri(setup.Url) };
            await DeliverAsync(http, 0, WarmUp);
            var before = await AllocatedAsync(http, WarmUp);
            await DeliverAsync(http, WarmUp, Measured);
            var each = (await AllocatedAsync(http, WarmUp + Measured) - before) / Measured;

            output.WriteLine(FormattableString.Invariant($"{store}: {each:F0} bytes a delivery"));
            Assert.InRange(each, 100, bound);
        }

        Directory.Delete(directory, recursive: true);
        if (setup.Environment.TryGetValue("ConnectionStrings__ClaudeDrive", out var connection))
        {
            await using var source = NpgsqlDataSource.Create(connection);
            await using var drop = source.CreateCommand($"DROP SCHEMA {Schema} CASCADE");
            await drop.ExecuteNonQueryAsync(Token);
        }
    }

    private static Dictionary<string, string> Environment(string store)
    {
        var settings = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["ANTHROPIC_API_KEY"] = "unused",
            ["ANTHROPIC_BASE_URL"] = "http://127.0.0.1:9",
            ["ANTHROPIC_WEBHOOK_SIGNING_KEY"] = Secret,
            ["ClaudeDrive__Store"] = store,
            ["ClaudeDrive__AdminKey"] = AdminKey,

            // Its workers wait: what they allocate is not a delivery's.
            ["ClaudeDrive__Hydration__ReadsPerMinute"] = "1",
            ["ClaudeDrive__Reconciliation__Interval"] = "1.00:00:00",
        };
        if (store == "postgresql")
        {
            var connection = System.Environment.GetEnvironmentVariable(Connection);
            Assert.SkipWhen(string.IsNullOrEmpty(connection), $"{Connection} is not set: eng/test starts a server and sets it.");
            settings["ConnectionStrings__ClaudeDrive"] = connection!;
            settings["ClaudeDrive__PostgreSql__Schema"] = Schema;
        }

        return settings;
    }

    private static async Task DeliverAsync(HttpClient http, int first, int count)
    {
        using var secret = WebhookSecret.Parse(Secret);
        for (var i = first; i < first + count; i++)
        {
            var (id, now) = ($"whe_{i:D8}", TimeProvider.System.GetUtcNow());
            var body = System.Text.Encoding.UTF8.GetBytes(
                $$$"""{"type":"event","id":"{{{id}}}","created_at":"2026-01-01T00:00:00Z","data":{"type":"session.status_idled","id":"sesn_{{{i % 100}}}","organization_id":"org_1","workspace_id":"wrkspc_1"}}""");
            using var request = new HttpRequestMessage(HttpMethod.Post, "/webhooks/claude") { Content = new ByteArrayContent(body) };
            request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
            request.Headers.Add(WebhookSignature.IdHeader, id);
            request.Headers.Add(WebhookSignature.TimestampHeader, now.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture));
            request.Headers.Add(WebhookSignature.SignatureHeader, WebhookSignature.Sign(body, id, now, secret));
            using var response = await http.SendAsync(request, Token);
            response.EnsureSuccessStatusCode();
        }
    }

    /// <summary>What the page says once it knows of all deliveries: it is kept for a moment.</summary>
    private static async Task<double> AllocatedAsync(HttpClient http, int delivered)
    {
        while (true)
        {
            var page = await http.GetStringAsync(new Uri("/metrics", UriKind.Relative), Token);
            if (Accepted().Match(page) is { Success: true } accepted && accepted.Groups[1].Value == delivered.ToString(CultureInfo.InvariantCulture))
            {
                return double.Parse(Allocated().Match(page).Groups[1].Value, CultureInfo.InvariantCulture);
            }

            await Task.Yield();
        }
    }

    [GeneratedRegex("""claudedrive_ingest_deliveries_total\{[^}]*outcome="accepted"[^}]*\} ([0-9.e+]+)""")]
    private static partial Regex Accepted();

    [GeneratedRegex("""dotnet_gc_heap_total_allocated_bytes_total(?:\{[^}]*\})? ([0-9.e+]+)""")]
    private static partial Regex Allocated();
}
