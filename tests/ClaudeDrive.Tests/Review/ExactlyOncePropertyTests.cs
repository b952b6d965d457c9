using ClaudeDrive.Diagnostics;
using ClaudeDrive.Review;
using ClaudeDrive.Storage;
using ClaudeDrive.Tests.Fakes;
using CsCheck;
using Xunit;

namespace ClaudeDrive.Tests.Review;

/// <summary>Invariant 5 under random failures of the API, of the network, of the store and of workers. A failure is shrunk and prints its seed.</summary>
public sealed class ExactlyOncePropertyTests
{
    private const int Runs = 300;

    [Fact]
    public async Task Send_RandomFailures_ClaudeTakesExactlyOneAnswerAndTheItemEndsVisibly()
    {
        var resumed = 0;
        await Tape.Choices(250).SampleAsync(
            async choices =>
            {
                var isOurs = await RunAsync(new Tape(choices));
                Interlocked.Add(ref resumed, isOurs ? 1 : 0);
            },
            writeLine: static line => TestContext.Current.TestOutputHelper?.WriteLine(line),
            iter: Runs);

        Assert.InRange(resumed, Runs / 3, Runs - 1);
    }

    private static async Task<bool> RunAsync(Tape random)
    {
        FaultingStore faults = null!;
        await using var rig = new EngineRig(inner =>
        {
            (IDriveStore store, faults) = FaultingStore.Over(inner);
            return store;
        });
        await rig.AnswerAsync(await rig.PausedAsync());
        var trouble = random.Next(1, 12);
        rig.Claude.Faults = _ => trouble-- > 0 ? RandomFault(random) : null;
        faults.Before = name => Crash(random, name, ref trouble);
        faults.After = name => Crash(random, name, ref trouble);
        var other = random.Next(4) == 0 ? random.Next(8) : -1;

        for (var round = 0; round < 60; round++)
        {
            if (round == other)
            {
                rig.Claude.Session().Take(Events.Parse("""{"type":"user.custom_tool_result","custom_tool_use_id":"sevt_A","content":[{"type":"text","text":"theirs"}]}"""));
            }

            if (random.Next(4) == 0)
            {
                await TryAsync(rig, () => rig.ArriveAsync($"wevt_{round}"));
                await TryAsync(rig, rig.SettleAsync);
            }

            await TryAsync(rig, rig.SendOnceAsync);
            rig.Time.Advance(TimeSpan.FromSeconds(random.Next(0, 120)));
        }

        // Whatever was chosen, trouble ends and time goes on.
        trouble = 0;
        for (var round = 0; round < 20; round++)
        {
            await TryAsync(rig, rig.SendOnceAsync);
            rig.Time.Advance(TimeSpan.FromMinutes(2));
        }

        faults.Before = faults.After = static _ => { };
        var item = await rig.ItemAsync();
        var accepted = rig.Claude.Session().Accepted;
        Assert.True(accepted.Count == 1, $"Claude took {accepted.Count} answers; the item is {item.State}, {item.Problem}");
        var isOurs = accepted[0].GetRawText().Contains("approved", StringComparison.Ordinal);
        Assert.True(
            item.State == (isOurs ? ReviewState.Resumed : ReviewState.ClosedElsewhere),
            $"ours {isOurs}, the item is {item.State}, {item.Problem}");
        return isOurs;
    }

    private static async Task TryAsync(EngineRig rig, Func<Task> act)
    {
        try
        {
            await rig.DriveAsync(act());
        }
        catch (DriveStoreException)
        {
            // The worker died; another comes.
        }
    }

    private static void Crash(Tape random, string name, ref int trouble)
    {
        if (name is nameof(IReviewStore.EndSendAsync) or nameof(IReviewStore.ClaimSendsAsync) && trouble > 0 && random.Next(3) == 0)
        {
            trouble--;
            throw new DriveStoreException("The store is away.");
        }
    }

    private static Fault? RandomFault(Tape random) => random.Next(10) switch
    {
        0 => Fault.Status(429),
        1 => Fault.Status(429, "7"),
        2 => Fault.Status(500),
        3 => Fault.StatusAfter(500),
        4 => Fault.Lost(hasActed: true),
        5 => Fault.Lost(hasActed: false),
        6 => Fault.Slow(random.Next(2) == 0),
        7 => Fault.Cut(hasActed: true),
        8 => Fault.Status(401),
        _ => null,
    };
}
