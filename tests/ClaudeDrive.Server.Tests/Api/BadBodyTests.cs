using System.Text;
using ClaudeDrive.Server.Tests.Running;
using Xunit;

namespace ClaudeDrive.Server.Tests.Api;

/// <summary>Bodies that a stranger might send: each gets a clear problem, none a failure.</summary>
public sealed class BadBodyTests
{
    public static TheoryData<string, int, string> Texts => new()
    {
        { "", 415, "media_type_unsupported" },
        { "null", 400, "body_malformed" },
        { "[]", 400, "body_malformed" },
        { "\"text\"", 400, "body_malformed" },
        { "{", 400, "body_malformed" },
        { "{\"type\":\"allow\"} trailing", 400, "body_malformed" },
        { "{\"type\":\"allow\",\"type\":\"deny\"}", 400, "body_malformed" },
        { "{\"type\":\"result\",\"content\":\"\\ud800\"}", 400, "body_malformed" },
        { "{\"\\udc00\":1}", 400, "body_malformed" },
        { "{}", 422, "answer_does_not_fit" },
        { "{\"type\":7}", 422, "answer_does_not_fit" },
        { "{\"type\":\"result\",\"content\":7}", 422, "answer_does_not_fit" },
        { "{\"type\":\"result\",\"content\":[7]}", 422, "answer_does_not_fit" },
        { "{\"type\":\"result\",\"content\":\"x\",\"note\":7}", 422, "answer_does_not_fit" },
        { "{\"a\":" + new string('[', 1000) + new string(']', 1000) + "}", 400, "body_malformed" },
    };

    [Theory]
    [MemberData(nameof(Texts))]
    public async Task Answer_BadText_ClearProblem(string text, int status, string code)
    {
        await using var server = await ServerUnderTest.StartAsync();
        var id = await server.ReviewAsync();
        await Answers.ProblemAsync(
            await server.PostAsync($"/api/v1/reviews/{id}/answer", Encoding.UTF8.GetBytes(text), text.Length == 0 ? null : "application/json"), status, code);
    }

    [Fact]
    public async Task Answer_NotUtf8_BodyMalformed()
    {
        await using var server = await ServerUnderTest.StartAsync();
        var id = await server.ReviewAsync();
        byte[] body = [.. "{\"type\":\"message\",\"text\":\""u8, 0xC3, 0x28, .. "\"}"u8];
        await Answers.ProblemAsync(await server.PostAsync($"/api/v1/reviews/{id}/answer", body), 400, "body_malformed");
    }

    [Theory]
    [InlineData("text/plain")]
    [InlineData("application/x-www-form-urlencoded")]
    [InlineData("multipart/form-data")]
    public async Task Answer_OtherType_Unsupported(string type)
    {
        await using var server = await ServerUnderTest.StartAsync();
        var id = await server.ReviewAsync();
        await Answers.ProblemAsync(await server.PostAsync($"/api/v1/reviews/{id}/answer", "{}", type), 415, "media_type_unsupported");
    }

    [Fact]
    public async Task Answer_Huge_TooLarge()
    {
        await using var server = await ServerUnderTest.StartAsync();
        var id = await server.ReviewAsync();
        await Answers.ProblemAsync(
            await server.PostAsync($"/api/v1/reviews/{id}/answer", new byte[(2 * 1024 * 1024) + 1]), 413, "body_too_large");
    }

    [Fact]
    public async Task Claim_FlagOfOtherType_NamesIt()
    {
        await using var server = await ServerUnderTest.StartAsync();
        var id = await server.ReviewAsync();
        var problem = await Answers.ProblemAsync(
            await server.PostAsync($"/api/v1/reviews/{id}/claim", """{"takeover":"yes"}"""), 400, "parameter_invalid");
        Assert.Equal("takeover", problem.GetProperty("parameter").GetString());
    }

    [Theory]
    [InlineData("/api/v1/events/a%0Ab")]
    [InlineData("/api/v1/events/a%7Fb")]
    [InlineData("/api/v1/sessions/%00")]
    [InlineData("/api/v1/events/%FF%FE")]
    [InlineData("/api/v1/events/..%2f..%2fetc")]
    [InlineData("/api/v1/events/a/b")]
    public async Task Get_StrangeId_ClearRefusal(string path)
    {
        await using var server = await ServerUnderTest.StartAsync(onPort: true);
        await using var connection = await RawConnection.OpenAsync(server);
        await connection.SendAsync(
            $"GET {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nAuthorization: Bearer {ServerUnderTest.AdminKey}\r\n\r\n");
        var answer = await connection.ReadToEndAsync();
        Assert.Matches("^HTTP/1.1 40[04] ", answer);
        Assert.DoesNotContain("<html", answer, StringComparison.OrdinalIgnoreCase);
    }

    [Theory]
    [InlineData(513, 400)]
    [InlineData(512, 404)]
    public async Task Get_LongId_ClearRefusal(int length, int status)
    {
        await using var server = await ServerUnderTest.StartAsync();
        using var response = await server.Client.GetAsync($"/api/v1/events/{new string('x', length)}", TestContext.Current.CancellationToken);
        Assert.Equal(status, (int)response.StatusCode);
    }
}
