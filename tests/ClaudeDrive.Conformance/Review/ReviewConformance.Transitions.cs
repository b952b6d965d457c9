using ClaudeDrive.Access;
using ClaudeDrive.Review;
using Xunit;

namespace ClaudeDrive.Conformance;

/// <content>The table of transitions, edge by edge.</content>
public abstract partial class ReviewConformance
{
    private SendLease? _send;

    /// <summary>Every pair of states, legal or not; without <see cref="ReviewState.Expired"/>, to which no call of the store leads.</summary>
    public static TheoryData<string, string> ReviewEdges
    {
        get
        {
            var edges = new TheoryData<string, string>();
            var states = Enum.GetValues<ReviewState>().Where(state => state != ReviewState.Expired).ToList();
            foreach (var (from, to) in states.SelectMany(from => states.Select(to => (from, to))))
            {
                edges.Add(from.ToString(), to.ToString());
            }

            return edges;
        }
    }

    [Theory]
    [MemberData(nameof(ReviewEdges))]
    public async Task ReviewEdge_AsTheTableSays_IsPossibleOrNot(string from, string to)
    {
        var (source, target) = (Enum.Parse<ReviewState>(from), Enum.Parse<ReviewState>(to));
        await BringAsync(source);
        Assert.Equal(source, (await ItemAsync()).State);

        await PushAsync(target);

        // The ends of a verifying item go through a new claim, which makes it sending: its old lease ends nothing.
        var needsClaim = source == ReviewState.Verifying && target != ReviewState.Sending;
        var expected = ReviewTransitions.IsLegal(source, target) && !needsClaim ? target : source;
        Assert.Equal(expected, (await ItemAsync()).State);
        await AssertStepsAreLegalAsync();
    }

    [Fact]
    public async Task EndSend_EndingThatTheTableForbids_Throws()
    {
        await BringAsync(ReviewState.Sending);
        var before = await ItemAsync();

        foreach (var to in Enum.GetValues<ReviewState>().Where(to => !ReviewTransitions.IsLegal(ReviewState.Sending, to)))
        {
            await Assert.ThrowsAnyAsync<ArgumentException>(async () => await Store.EndSendAsync(_send!, new SendEnding(to), Token));
        }

        Assert.Equal(before, await ItemAsync());
    }

    /// <summary>Brings the item of <c>sevt_1</c> to a state.</summary>
    private async Task BringAsync(ReviewState state)
    {
        var id = await OpenOneAsync();
        switch (state)
        {
            case ReviewState.Open:
                break;
            case ReviewState.Claimed:
                await ClaimAsync(id, "ada");
                break;
            case ReviewState.Answered:
                await AnswerAsync(id, "ada");
                break;
            case ReviewState.Sending:
                await AnswerAsync(id, "ada");
                await ClaimSendAsync();
                break;
            case ReviewState.Verifying or ReviewState.Resumed:
                await BringAsync(ReviewState.Sending);
                var problem = state == ReviewState.Verifying ? "timeout: no answer" : null;
                Assert.True(await Store.EndSendAsync(_send!, new SendEnding(state, Problem: problem), Token));
                break;
            default:
                await PushAsync(state);
                break;
        }
    }

    /// <summary>Does everything that could move the item to a state, and nothing that could move it to another.</summary>
    private async Task PushAsync(ReviewState state)
    {
        var id = (await ItemAsync()).ReviewId;
        switch (state)
        {
            case ReviewState.Open:
                await Store.ReleaseReviewAsync(Given.By("ada"), id, null, Token);
                break;
            case ReviewState.Claimed:
                await Store.ClaimReviewAsync(Given.By("bob"), id, ClaimFor, takeover: true, "taken over", Token);
                break;
            case ReviewState.Answered:
                await AnswerAsync(id, "ada");
                break;
            case ReviewState.Sending:
                await Store.ClaimSendsAsync(10, LeaseFor, Token);
                break;
            case ReviewState.ClosedElsewhere:
                await BlockAsync();
                break;
            case ReviewState.Cancelled:
                await LookAsync(Session1, before => Given.Change(Session1, before, "terminated"));
                break;
        }

        if (_send is not null && ReviewTransitions.IsLegal(ReviewState.Sending, state))
        {
            await Store.EndSendAsync(_send, new SendEnding(state), Token);
        }
    }

    /// <summary>Every step is in the table, and an item's steps form one chain. The end of a claim by itself may go without a step.</summary>
    private async Task AssertStepsAreLegalAsync()
    {
        foreach (var steps in (await Store.ReadStepsAsync(Sight.Everything, 0, 1000, Token)).Items.GroupBy(step => step.ReviewId))
        {
            ReviewState? state = null;
            foreach (var step in steps)
            {
                var claimEnded = state == ReviewState.Claimed && step.From == ReviewState.Open;
                Assert.True(step.From == state || claimEnded, $"{step.ReviewId} was {state}, but the step begins at {step.From}.");
                Assert.True(step.From is null ? step.To == ReviewState.Open : ReviewTransitions.IsLegal(step.From.Value, step.To), $"{step}");
                state = step.To;
            }

            Assert.Equal(state, (await Store.FindReviewAsync(Sight.Everything, steps.Key, Token))!.State);
        }
    }
}
