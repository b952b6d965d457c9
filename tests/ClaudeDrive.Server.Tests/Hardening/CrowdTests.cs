using ClaudeDrive.AspNetCore.Http;
using ClaudeDrive.Network;
using CsCheck;
using Xunit;

namespace ClaudeDrive.Server.Tests.Hardening;

public sealed class CrowdTests
{
    private readonly Crowd _crowd = new();
    private readonly List<string> _left = [];

    [Fact]
    public void Enter_TooMany_TheOldestOfTheSenderWithMostLeaves()
    {
        Enter("quiet", 1);
        Enter("loud 1", 2);
        Enter("loud 2", 2);
        Enter("loud 3", 2);

        Enter("newcomer", 3, most: 4);

        Assert.Equal(["loud 1"], _left);
        Assert.Equal(4, _crowd.Count);
    }

    [Fact]
    public void Enter_EachOfAnotherSender_TheOldestOfAllLeaves()
    {
        // A place that was given up and taken again must not make its new holder the oldest.
        var gone = Enter("gone", 1);
        Enter("old", 2);
        gone.Dispose();
        Enter("younger", 3, most: 2);

        Enter("newcomer", 4, most: 2);

        Assert.Equal(["old"], _left);
    }

    [Fact]
    public void Dispose_ProvenOrGone_LeavesForOnceAndIsNeverAsked()
    {
        var proven = Enter("proven", 1);
        proven.Dispose();
        proven.Dispose();
        Assert.Equal(0, _crowd.Count);

        Enter("next", 1, most: 1);
        Assert.Empty(_left);
    }

    [Fact]
    public void Enter_AnySequence_NeverTooManyAndNeverTheNewcomer() =>
        Gen.Select(Gen.Int[1, 8], Gen.Select(Gen.Int[0, 5], Gen.Bool).Array[0, 200]).Sample(static (most, steps) =>
        {
            var crowd = new Crowd();
            var inside = new List<(int Number, IDisposable Member)>();
            var newest = 0;
            foreach (var (sender, leaves) in steps)
            {
                if (leaves && inside.Count > 0)
                {
                    inside[sender % inside.Count].Member.Dispose();
                    inside.RemoveAt(sender % inside.Count);
                    continue;
                }

                var number = ++newest;
                inside.Add((number, crowd.Enter(new SourceGroup((ulong)sender), most, () =>
                {
                    Assert.NotEqual(newest, number);
                    Assert.Equal(1, inside.RemoveAll(m => m.Number == number));
                })));
                Assert.True(inside.Count <= most);
                Assert.Equal(inside.Count, crowd.Count);
            }
        });

    private IDisposable Enter(string name, ulong sender, int most = 100) => _crowd.Enter(new SourceGroup(sender), most, () => _left.Add(name));
}
