using System.Net;
using ClaudeDrive.AspNetCore.Access;
using ClaudeDrive.Diagnostics;
using ClaudeDrive.Server.Tests.Running;
using ClaudeDrive.Storage;
using Microsoft.AspNetCore.Routing;
using Xunit;

namespace ClaudeDrive.Server.Tests.Api;

public sealed class OperationsTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Ready_StoreWorks_Ok()
    {
        await using var server = await ServerUnderTest.StartAsync();
        var ready = await server.GetAsync("/healthz/ready");
        Assert.Equal("ok", ready.GetProperty("status").GetString());
        Assert.Contains(ready.GetProperty("checks").EnumerateArray(), c => c.GetProperty("name").GetString() == "store");
        Assert.Equal("ok", (await server.GetAsync("/healthz/live")).GetProperty("status").GetString());
    }

    [Fact]
    public async Task Ready_StoreDown_FailingWithCode()
    {
        await using var server = await ServerUnderTest.StartAsync(wrap: s => FaultyStore.Wrap(s, new()
        {
            ["CheckAsync"] = _ => FaultyStore.Of(Task.FromException(new DriveStoreException("secret path"))),
        }));

        using var response = await server.Client.GetAsync("/healthz/ready", Token);

        Assert.Equal(HttpStatusCode.ServiceUnavailable, response.StatusCode);
        var text = await response.Content.ReadAsStringAsync(Token);
        Assert.Contains("store_unavailable", text, StringComparison.Ordinal);
        Assert.DoesNotContain("secret path", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Metrics_AfterDeliveries_CountThem()
    {
        await using var server = await ServerUnderTest.StartAsync();
        (await server.SendAsync(Vectors.V1.Request())).Dispose();
        (await server.SendAsync((Vectors.V1 with { Timestamp = 1 }).Request())).Dispose();

        var text = await server.Client.GetStringAsync("/metrics", Token);

        Assert.Matches("claudedrive_ingest_deliveries_total\\{[^}]*outcome=\"accepted\"[^}]*\\} 1", text);
        Assert.Matches("claudedrive_ingest_deliveries_total\\{[^}]*code=\"timestamp_too_old\"[^}]*\\} 1", text);
    }

    [Fact]
    public async Task OpenApi_EveryApiRoute_IsInTheDocument()
    {
        await using var server = await ServerUnderTest.StartAsync();
        var document = await server.GetAsync("/openapi/v1.json");
        var paths = document.GetProperty("paths");
        var mapped = from e in ((IEndpointRouteBuilder)server.App).DataSources.SelectMany(d => d.Endpoints).OfType<RouteEndpoint>()
                     let methods = e.Metadata.GetMetadata<IHttpMethodMetadata>()
                     where e.RoutePattern.RawText!.StartsWith("/api/", StringComparison.Ordinal) && methods is not null
                     select (e.RoutePattern.RawText!, Method: methods.HttpMethods[0].ToLowerInvariant());
        var count = 0;
        foreach (var (path, method) in mapped)
        {
            Assert.True(paths.TryGetProperty(path, out var item) && item.TryGetProperty(method, out _), $"{method} {path}");
            var operation = item.GetProperty(method);
            Assert.NotEmpty(operation.GetProperty("operationId").GetString()!);
            Assert.True(operation.GetProperty("responses").TryGetProperty("200", out var success) && success.TryGetProperty("content", out _), path);
            Assert.True(operation.GetProperty("responses").TryGetProperty("401", out _), path);
            Assert.Equal(
                path.Count(c => c == '{'),
                operation.TryGetProperty("parameters", out var all) ? all.EnumerateArray().Count(p => p.GetProperty("in").GetString() == "path") : 0);
            count++;
        }

        Assert.True(count >= 25, $"{count} routes");
        var session = document.GetProperty("components").GetProperty("schemas").GetProperty("Session").GetProperty("properties");
        Assert.Equal("date-time", session.GetProperty("as_of").GetProperty("format").GetString());
    }

    [Fact]
    public async Task Call_StoreDown_StoreUnavailable()
    {
        await using var server = await ServerUnderTest.StartAsync(wrap: s => FaultyStore.Wrap(s, new()
        {
            ["ListEventsAsync"] = _ => throw new DriveStoreException("down"),
        }));
        await Answers.ProblemAsync(await server.Client.GetAsync("/api/v1/events", Token), 503, "store_unavailable");
    }

    [Fact]
    public async Task Call_BugInside_InternalErrorWithoutDetail()
    {
        await using var server = await ServerUnderTest.StartAsync(wrap: s => FaultyStore.Wrap(s, new()
        {
            ["ListEventsAsync"] = _ => throw new InvalidOperationException("inner detail"),
        }));
        var problem = await Answers.ProblemAsync(await server.Client.GetAsync("/api/v1/events", Token), 500, "internal_error");
        Assert.DoesNotContain("inner detail", problem.GetRawText(), StringComparison.Ordinal);
    }

    [Fact]
    public void Build_ManyProblems_AllAtOnceByKey()
    {
        var refusal = Assert.Throws<ServerSettingsException>(() => ServerHost.Build(new ServerOptions
        {
            Settings = new Dictionary<string, string?>
            {
                ["ANTHROPIC_WEBHOOK_SIGNING_KEY"] = "whsec_nonsense",
                ["ClaudeDrive:AdminKey"] = "short",
                ["ClaudeDrive:Ingest:MaxBodyBytes"] = "many",
                ["ClaudeDrive:Ingest:Tolerance"] = "2.00:00:00",
                ["ClaudeDrive:Ingest:CommitTimeout"] = "0",
                ["ClaudeDrive:Endpoints:a b:Secrets:0"] = Vectors.SecretB,
                ["ClaudeDrive:Endpoints:empty:Dialects"] = "klingon",
                ["urls"] = "ftp://x",
            },
            AddDrive = _ => { },
        }));

        foreach (var key in new[]
        {
            "ANTHROPIC_WEBHOOK_SIGNING_KEY", AdminKey.SettingName, "ClaudeDrive:Ingest:MaxBodyBytes", "ClaudeDrive:Ingest:Tolerance",
            "ClaudeDrive:Ingest:CommitTimeout", "ClaudeDrive:Endpoints:a b", "ClaudeDrive:Endpoints:empty:Dialects", "urls",
        })
        {
            Assert.Contains(refusal.Problems, p => p.StartsWith(key, StringComparison.Ordinal));
        }

        Assert.DoesNotContain("nonsense", string.Join(' ', refusal.Problems), StringComparison.Ordinal);
        Assert.DoesNotContain("short", refusal.Problems.Single(p => p.StartsWith(AdminKey.SettingName, StringComparison.Ordinal)), StringComparison.Ordinal);
    }
}
