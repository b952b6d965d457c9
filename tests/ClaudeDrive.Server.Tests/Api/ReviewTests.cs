using System.Net;
using ClaudeDrive.Conformance;
using ClaudeDrive.Contexts;
using ClaudeDrive.Review;
using ClaudeDrive.Server.Tests.Running;
using Xunit;

namespace ClaudeDrive.Server.Tests.Api;

public sealed class ReviewTests
{
    private const string Result = """{"type":"result","content":"done"}""";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Show_Open_HasEveryFieldOfTheContract()
    {
        await using var server = await ServerUnderTest.StartAsync();
        var id = await server.ReviewAsync();

        var review = await server.GetAsync($"/api/v1/reviews/{id}");

        foreach (var field in new[]
        {
            "review_id", "session_id", "kind", "state", "blocking_event_id", "tool_name", "input", "input_hash", "opened_at", "claimed_by",
            "answered_by", "answer", "send_state", "answer_event_id", "history",
        })
        {
            Assert.True(review.TryGetProperty(field, out _), field);
        }

        Assert.Equal("open", review.GetProperty("state").GetString());
        Assert.Equal(7, review.GetProperty("input").GetProperty("order").GetInt32());
    }

    [Fact]
    public async Task Claim_ReleaseAnswer_GoesThroughTheStates()
    {
        await using var server = await ServerUnderTest.StartAsync();
        var id = await server.ReviewAsync();

        Assert.Equal("claimed", await StateAsync(await server.PostAsync($"/api/v1/reviews/{id}/claim", [], null)));
        Assert.Equal(1, (await server.GetAsync("/api/v1/reviews?assignee=admin&state=claimed")).GetProperty("total").GetInt32());
        Assert.Equal("open", await StateAsync(await server.PostAsync($"/api/v1/reviews/{id}/release", """{"note":"not mine"}""")));
        var answer = """{"type":"result","content":[{"type":"text","text":"ok"}],"is_error":true,"note":"seen","unknown":1}""";
        Assert.Equal("answered", await StateAsync(await server.PostAsync($"/api/v1/reviews/{id}/answer", answer)));

        var review = await server.GetAsync($"/api/v1/reviews/{id}");
        Assert.Equal("queued", review.GetProperty("send_state").GetString());
        Assert.Equal("admin", review.GetProperty("answered_by").GetString());
        Assert.Equal("""{"type":"result","content":[{"type":"text","text":"ok"}],"is_error":true}""", review.GetProperty("answer").GetRawText());
        Assert.Equal("seen", review.GetProperty("history").EnumerateArray().Last().GetProperty("note").GetString());
    }

    [Fact]
    public async Task Answer_Twice_AlreadyAnswered()
    {
        await using var server = await ServerUnderTest.StartAsync();
        var id = await server.ReviewAsync();
        (await server.PostAsync($"/api/v1/reviews/{id}/answer", Result)).Dispose();
        await Answers.ProblemAsync(await server.PostAsync($"/api/v1/reviews/{id}/answer", Result), 409, "already_answered");
    }

    [Fact]
    public async Task Answer_OtherHash_SessionMovedOn()
    {
        await using var server = await ServerUnderTest.StartAsync();
        var id = await server.ReviewAsync();
        var body = """{"type":"result","content":"x","expected_input_hash":"0000"}""";
        await Answers.ProblemAsync(await server.PostAsync($"/api/v1/reviews/{id}/answer", body), 409, "session_moved_on");
    }

    [Fact]
    public async Task Answer_Closed_SessionMovedOn()
    {
        await using var server = await ServerUnderTest.StartAsync();
        var id = await server.ReviewAsync();
        await server.ApplyAsync("wevt_2");
        await Answers.ProblemAsync(await server.PostAsync($"/api/v1/reviews/{id}/answer", Result), 409, "session_moved_on");
    }

    [Fact]
    public async Task Claim_HeldByOther_RefusedUnlessTakenOverWithANote()
    {
        await using var server = await ServerUnderTest.StartAsync();
        var id = await server.ReviewAsync();
        await server.Store.ClaimReviewAsync(Given.By("dana"), id, TimeSpan.FromMinutes(5), takeover: false, null, Token);

        await Answers.ProblemAsync(await server.PostAsync($"/api/v1/reviews/{id}/claim", "{}"), 409, "claimed_by_other");
        await Answers.ProblemAsync(await server.PostAsync($"/api/v1/reviews/{id}/release", "{}"), 409, "claimed_by_other");
        await Answers.ProblemAsync(await server.PostAsync($"/api/v1/reviews/{id}/answer", Result), 409, "claimed_by_other");
        await Answers.ProblemAsync(await server.PostAsync($"/api/v1/reviews/{id}/claim", """{"takeover":true}"""), 400, "parameter_invalid");
        Assert.Equal(
            "claimed", await StateAsync(await server.PostAsync($"/api/v1/reviews/{id}/claim", """{"takeover":true,"note":"Dana is away"}""")));
    }

    [Theory]
    [InlineData(BlockerKinds.ToolPermission, """{"type":"allow"}""", 200)]
    [InlineData(BlockerKinds.ToolPermission, Result, 422)]
    [InlineData(BlockerKinds.Budget, """{"type":"budget","amount":"2500"}""", 200)]
    [InlineData(BlockerKinds.Budget, """{"type":"budget","amount":2500}""", 422)]
    [InlineData(BlockerKinds.GaveUp, """{"type":"message","text":"go on"}""", 200)]
    [InlineData(BlockerKinds.Refusal, """{"type":"allow"}""", 422)]
    public async Task Answer_Kind_TakesWhatFits(string kind, string body, int status)
    {
        await using var server = await ServerUnderTest.StartAsync();
        var id = await server.ReviewAsync(kind);
        var response = await server.PostAsync($"/api/v1/reviews/{id}/answer", body);
        if (status == 422)
        {
            await Answers.ProblemAsync(response, 422, AnswerRules.DoesNotFit);
            Assert.Equal("open", (await server.GetAsync($"/api/v1/reviews/{id}")).GetProperty("state").GetString());
        }
        else
        {
            Assert.Equal("answered", await StateAsync(response));
        }
    }

    private static async Task<string?> StateAsync(HttpResponseMessage response)
    {
        using (response)
        {
            Assert.Equal(HttpStatusCode.OK, response.StatusCode);
            return (await Answers.ReadAsync(response)).GetProperty("state").GetString();
        }
    }
}
