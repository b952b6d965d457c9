using ClaudeDrive.Access;
using ClaudeDrive.Ingest;
using ClaudeDrive.Review;
using ClaudeDrive.Storage;
using Xunit;

namespace ClaudeDrive.Conformance;

/// <summary>What a durable store keeps over a restart.</summary>
public abstract class DurabilityConformance : StoreConformance
{
    /// <summary>False for a store that several processes share: a restart of one must not end the leases of the others.</summary>
    protected virtual bool OpenEndsLeases => true;

    [Fact]
    public async Task Reopen_AllThatWasCommitted_IsThere()
    {
        await LookAsync(ResourceKey.Session("sesn_1"), before => Given.Change("sesn_1", before, "idle", Given.Blocker("sevt_1")) with
        {
            SessionEvents = [Given.SessionEvent("sevt_1", Given.Start)],
        });
        await Store.StoreAsync(Given.Arrival("wevt_1", "sesn_2"), Token);
        await Store.AddSettingAsync("sweep", "1", Token);
        await Store.AdvanceReaderAsync("handlers", 1, Token);
        var head = await Store.FindHeadAsync(Sight.Everything, ResourceKey.Session("sesn_1"), Token);
        var stored = await EventAsync("wevt_1");

        await ReopenAsync();

        Assert.Equal(stored, await EventAsync("wevt_1"));
        Assert.Equal(head!.RevisionHash, (await Store.FindHeadAsync(Sight.Everything, ResourceKey.Session("sesn_1"), Token))!.RevisionHash);
        Assert.Equal(1, (await Store.ListTranscriptAsync(Sight.Everything, "sesn_1", new(5), Token)).Total);
        Assert.Equal(1, (await Store.ListReviewsAsync(Sight.Everything, new() { State = ReviewState.Open }, new(5), Token)).Total);
        Assert.Equal("1", await Store.FindSettingAsync("sweep", Token));
        Assert.Equal(1, await Store.FindReaderAsync("handlers", Token));
        Assert.False(await Store.StoreAsync(Given.Arrival("wevt_1", "sesn_2"), Token));
        Assert.Equal("wevt_1", Assert.Single((await ClaimOneAsync()).Events).Envelope.EventId);
    }

    [Fact]
    public async Task Reopen_LeasesOfTheProcessBefore_EndAtOnceAndStayFenced()
    {
        var old = await ClaimNewAsync(Given.Arrival("wevt_1"));

        await ReopenAsync();
        Time.Advance(OpenEndsLeases ? TimeSpan.Zero : LeaseFor);

        var lease = await ClaimOneAsync();
        Assert.True(lease.Token > old.Token);
        Assert.False(await Store.RenewAsync(old, LeaseFor, Token));
    }

    [Fact]
    public async Task Reopen_SendOfTheProcessBefore_MustBeVerified()
    {
        await LookAsync(ResourceKey.Session("sesn_1"), before => Given.Change("sesn_1", before, "idle", Given.Blocker("sevt_1")));
        var item = Assert.Single((await Store.ListReviewsAsync(Sight.Everything, new(), new(5), Token)).Items);
        Assert.Null((await Store.AnswerReviewAsync(Given.By("ada"), item.ReviewId, Given.Answer(), Token)).Refusal);
        var old = Assert.Single(await Store.ClaimSendsAsync(5, LeaseFor, Token));

        await ReopenAsync();
        Time.Advance(OpenEndsLeases ? TimeSpan.Zero : LeaseFor);

        var lease = Assert.Single(await Store.ClaimSendsAsync(5, LeaseFor, Token));
        Assert.True(lease.MustVerify);
        Assert.Equal(2, lease.Item.SendAttempts);
        Assert.False(await Store.EndSendAsync(old, new SendEnding(ReviewState.Resumed, "sevt_2"), Token));
    }

    [Fact]
    public async Task Reopen_RestoredFromABackup_WhatWasOpenedBeforeMustBeVerified()
    {
        await LookAsync(ResourceKey.Session("sesn_1"), before => Given.Change("sesn_1", before, "idle", Given.Blocker("sevt_1")));
        await LookAsync(ResourceKey.Session("sesn_2"), before => Given.Change("sesn_2", before, "idle", Given.Blocker("sevt_2")));
        var items = (await Store.ListReviewsAsync(Sight.Everything, new(), new(5), Token)).Items.OrderBy(item => item.SessionId).ToList();
        Assert.Null((await Store.AnswerReviewAsync(Given.By("ada"), items[0].ReviewId, Given.Answer(), Token)).Refusal);
        await Store.AddSettingAsync(RestoreMark.SettingName, $"{items.Max(item => item.Seq)}", Token);
        await ReopenAsync();

        Assert.True(Assert.Single(await Store.ClaimSendsAsync(5, LeaseFor, Token)).MustVerify);
        Assert.Null((await Store.AnswerReviewAsync(Given.By("ada"), items[1].ReviewId, Given.Answer(), Token)).Refusal);
        Assert.True(Assert.Single(await Store.ClaimSendsAsync(5, LeaseFor, Token)).MustVerify);

        await LookAsync(ResourceKey.Session("sesn_3"), before => Given.Change("sesn_3", before, "idle", Given.Blocker("sevt_3")));
        var later = Assert.Single((await Store.ListReviewsAsync(Sight.Everything, new() { SessionId = "sesn_3" }, new(5), Token)).Items);
        Assert.Null((await Store.AnswerReviewAsync(Given.By("ada"), later.ReviewId, Given.Answer(), Token)).Refusal);
        Assert.False(Assert.Single(await Store.ClaimSendsAsync(5, LeaseFor, Token), lease => lease.Item.SessionId == "sesn_3").MustVerify);
    }
}
