using System.Net.Http.Headers;
using ClaudeDrive.Access;
using ClaudeDrive.Diagnostics;
using ClaudeDrive.Inbox;
using ClaudeDrive.Server.Tests.Running;
using ClaudeDrive.Storage;
using Xunit;

namespace ClaudeDrive.Server.Tests.Receiver;

/// <summary>One test per row of the receiver's table in the contract.</summary>
public sealed class ReceiverTableTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Receive_NewEvent_AcceptedAndStored()
    {
        await using var server = await ServerUnderTest.StartAsync();

        await Answers.OkAsync(await server.SendAsync(Vectors.V1.Request()), "accepted", Vectors.V1.Id);

        var found = await server.Store.FindEventAsync(Sight.Everything, "default", Vectors.V1.Id, Token);
        Assert.Equal(Vectors.V1.Body, found!.Value.Body.ToArray());
    }

    [Fact]
    public async Task Receive_KnownEvent_Duplicate()
    {
        await using var server = await ServerUnderTest.StartAsync();
        (await server.SendAsync(Vectors.V1.Request())).Dispose();

        await Answers.OkAsync(await server.SendAsync(Vectors.V4.Request()), "duplicate", Vectors.V1.Id);

        var found = await server.Store.FindEventAsync(Sight.Everything, "default", Vectors.V1.Id, Token);
        Assert.Equal(2, found!.Value.Event.Deliveries);
    }

    [Fact]
    public async Task Receive_NamedEndpoint_UsesItsSecretOnly()
    {
        await using var server = await ServerUnderTest.StartAsync(new() { ["ClaudeDrive:Endpoints:Staging:Secrets:0"] = Vectors.SecretB });
        var signed = Vectors.Signed("whe_1", Vectors.Event("whe_1"), Vectors.SecretB);

        await Answers.OkAsync(await server.SendAsync(signed.Request("/webhooks/claude/staging")), "accepted", "whe_1");
        await Answers.ProblemAsync(await server.SendAsync(signed.Request()), 400, "signature_mismatch");
    }

    [Theory]
    [InlineData("signature_missing", "webhook-signature", null)]
    [InlineData("signature_missing", "webhook-id", null)]
    [InlineData("signature_missing", "webhook-timestamp", null)]
    [InlineData("signature_malformed", "webhook-signature", "XPRSIDClViwvvr9B5x5xXmHDQj4QfCI+8yKPkRHE/9I=")]
    [InlineData("signature_mismatch", "webhook-signature", "v1,RM/a3S328+Hm9Uwoh0+3QGoX5mRv0G/Bz4MjEfuLuGQ=")]
    [InlineData("signature_mismatch", "webhook-id", "whe_other")]
    [InlineData("timestamp_malformed", "webhook-timestamp", "yesterday")]
    [InlineData("timestamp_too_old", "webhook-timestamp", "1763999000")]
    [InlineData("timestamp_too_new", "webhook-timestamp", "1764001000")]
    public async Task Receive_HeaderWrong_SaysWhich(string code, string header, string? value)
    {
        await using var server = await ServerUnderTest.StartAsync();
        var request = Vectors.V1.Request();
        request.Headers.Remove(header);
        if (value is not null)
        {
            request.Headers.TryAddWithoutValidation(header, value);
        }

        await Answers.ProblemAsync(await server.SendAsync(request), 400, code);
    }

    [Fact]
    public async Task Receive_BodyIdDiffers_IdMismatch()
    {
        await using var server = await ServerUnderTest.StartAsync();
        await Answers.ProblemAsync(await server.SendAsync(Vectors.Signed("whe_1", Vectors.Event("whe_2")).Request()), 400, "id_mismatch");
    }

    [Fact]
    public async Task Receive_SignedGarbage_BodyMalformed()
    {
        await using var server = await ServerUnderTest.StartAsync();
        await Answers.ProblemAsync(await server.SendAsync(Vectors.Signed("whe_1", "not json").Request()), 400, "body_malformed");
    }

    [Fact]
    public async Task Receive_Compressed_BodyMalformed()
    {
        await using var server = await ServerUnderTest.StartAsync();
        var request = Vectors.V1.Request();
        request.Content!.Headers.ContentEncoding.Add("gzip");
        await Answers.ProblemAsync(await server.SendAsync(request), 400, "body_malformed");
    }

    [Theory]
    [InlineData("/webhooks/claude/nobody")]
    [InlineData("/webhooks/claude/default%2Fx")]
    public async Task Receive_UnknownEndpoint_NotFoundAndNotRecorded(string path)
    {
        await using var server = await ServerUnderTest.StartAsync();

        await Answers.ProblemAsync(await server.SendAsync(Vectors.V1.Request(path)), 404, "endpoint_unknown");

        Assert.True(await server.Rejections.FlushAsync(withCounts: true, Token));
        Assert.Equal(0, (await server.Store.ListDeliveriesAsync(Sight.Everything, new DeliveryFilter(), new PageRequest(10), Token)).Total);
    }

    [Theory]
    [InlineData("GET")]
    [InlineData("PUT")]
    [InlineData("DELETE")]
    [InlineData("OPTIONS")]
    [InlineData("PATCH")]
    public async Task Receive_OtherMethod_MethodNotAllowed(string method)
    {
        await using var server = await ServerUnderTest.StartAsync();
        using var request = new HttpRequestMessage(new HttpMethod(method), "/webhooks/claude");
        using var response = await server.Client.SendAsync(request, Token);

        Assert.Equal(["POST"], response.Content.Headers.Allow);
        await Answers.ProblemAsync(response, 405, "method_not_allowed");
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Receive_BodyOverLimit_TooLarge(bool chunked)
    {
        await using var server = await ServerUnderTest.StartAsync(new() { ["ClaudeDrive:Ingest:MaxBodyBytes"] = "2000" }, onPort: true);
        var request = Vectors.Signed("whe_1", new byte[2001]).Request();
        request.Headers.TransferEncodingChunked = chunked;
        await Answers.ProblemAsync(await server.SendAsync(request), 413, "body_too_large");
    }

    [Fact]
    public async Task Receive_BodyAtLimit_IsRead()
    {
        await using var server = await ServerUnderTest.StartAsync(new() { ["ClaudeDrive:Ingest:MaxBodyBytes"] = "2000" }, onPort: true);
        var body = Vectors.Event("whe_1").PadRight(2000);
        await Answers.OkAsync(await server.SendAsync(Vectors.Signed("whe_1", body).Request()), "accepted", "whe_1");
    }

    [Fact]
    public async Task Receive_StoreFails_UnavailableWithRetryAfter()
    {
        await using var server = await ServerUnderTest.StartAsync(wrap: s => FaultyStore.Wrap(s, new()
        {
            ["StoreAsync"] = _ => FaultyStore.Of(Task.FromException<bool>(new DriveStoreException("disk full"))),
        }));

        using var response = await server.SendAsync(Vectors.V1.Request());

        Assert.Equal(new RetryConditionHeaderValue(TimeSpan.FromSeconds(5)), response.Headers.RetryAfter);
        await Answers.ProblemAsync(response, 503, "store_unavailable");
    }

    [Fact]
    public async Task Receive_StoreBreaksUnexpectedly_Unavailable()
    {
        await using var server = await ServerUnderTest.StartAsync(wrap: s => FaultyStore.Wrap(s, new()
        {
            ["StoreAsync"] = _ => FaultyStore.Of(Task.FromException<bool>(new InvalidOperationException("a bug"))),
        }));
        await Answers.ProblemAsync(await server.SendAsync(Vectors.V1.Request()), 503, "store_unavailable");
    }

    [Fact]
    public async Task Receive_CommitTakesTooLong_UnavailableThoughItMayBeStored()
    {
        var asked = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var commit = new TaskCompletionSource<bool>();
        await using var server = await ServerUnderTest.StartAsync(wrap: s => FaultyStore.Wrap(s, new()
        {
            ["StoreAsync"] = _ =>
            {
                asked.TrySetResult();
                return FaultyStore.Of(commit.Task);
            },
        }));

        var answer = server.SendAsync(Vectors.V1.Request());
        await asked.Task.WaitAsync(ServerUnderTest.Patience, Token);
        while (!answer.IsCompleted)
        {
            // The request's timers are made after the store was asked; the clock moves until they are due.
            server.Time.Advance(TimeSpan.FromSeconds(2));
            await Task.Yield();
        }

        await Answers.ProblemAsync(await answer, 503, "store_unavailable");
        commit.SetResult(true);
    }
}
