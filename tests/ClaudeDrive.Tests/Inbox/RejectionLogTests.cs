using ClaudeDrive.Inbox;
using CsCheck;
using Xunit;

namespace ClaudeDrive.Tests.Inbox;

public sealed class RejectionLogTests
{
    private static readonly DateTimeOffset Start = new(2026, 3, 1, 0, 0, 0, TimeSpan.Zero);

    private readonly RejectionLog _log = new(key: 0x9E3779B97F4A7C15);

    [Fact]
    public void Add_OneSender_FullUpToItsBurstAndThenACountThatNamesIt()
    {
        Add(100, static _ => "203.0.113.9");

        var records = _log.Take(withCounts: true);

        Assert.Equal(RejectionLog.SenderBurst, records.Count(static r => r.Count == 1));
        var sum = Assert.Single(records, static r => r.Count > 1);
        Assert.Equal((75, "203.0.113.9"), (sum.Count, sum.Facts.RemoteIp));
    }

    [Fact]
    public void Add_SpentByOneSender_AnotherIsStillRecordedInFull()
    {
        Add(1000, static _ => "203.0.113.9");
        _ = _log.Take(withCounts: true);

        Add(1, static _ => "203.0.113.10");

        Assert.Equal("203.0.113.10", Assert.Single(_log.Take(withCounts: true)).Facts.RemoteIp);
    }

    [Fact]
    public void Add_SixteenBitsOfSenders_FullUpToTheEndpointsBurstAndNothingIsLost()
    {
        Add(65_536, static i => $"198.18.{i >> 8}.{i & 255}");

        var records = _log.Take(withCounts: true);

        Assert.Equal(RejectionLog.Burst, records.Count(static r => r.Count == 1));
        Assert.Equal(65_536, records.Sum(static r => r.Count));
        Assert.Null(records.Single(static r => r.Count > 1).Facts.RemoteIp);
    }

    [Fact]
    public void Add_AddressesOfOneSlash64_AreOneSender()
    {
        Add(1000, static i => $"2001:db8:0:1::{i:x}");
        Assert.Equal(RejectionLog.SenderBurst, _log.Take(withCounts: false).Count);

        Add(1, static _ => "2001:db8:0:2::1");
        Assert.Single(_log.Take(withCounts: false));
    }

    [Fact]
    public void Add_StrangersSpentEverything_ProvenOnesAreStillRecordedInFull()
    {
        Add(1000, static i => $"198.18.0.{i & 255}");
        _ = _log.Take(withCounts: true);

        _log.Add(Refused("198.18.0.1", Start) with
        {
            Outcome = DeliveryOutcome.Unavailable,
            Code = "store_unavailable",
            Facts = new DeliveryFacts("198.18.0.1", 300, "sec_1", TimeSpan.Zero),
        });

        Assert.Equal(1, Assert.Single(_log.Take(withCounts: true)).Count);
    }

    [Fact]
    public void Add_AfterATime_FullAgainAtTheRate()
    {
        Add(1000, static _ => "203.0.113.9");
        _ = _log.Take(withCounts: true);

        for (var i = 0; i < 100; i++)
        {
            _log.Add(Refused("203.0.113.9", Start.AddSeconds(3)));
        }

        Assert.Equal(3 * RejectionLog.SenderRecordsPerSecond, _log.Take(withCounts: false).Count);
    }

    [Fact]
    public void Add_MoreThanANumberHolds_StaysAtTheLargest()
    {
        var most = Refused("203.0.113.9", Start) with { Count = int.MaxValue };
        _log.PutBack([most, most, most]);
        Assert.Equal(int.MaxValue, Assert.Single(_log.Take(withCounts: true)).Count);
    }

    [Fact]
    public void Add_Anything_NothingIsLostAndFullRecordsKeepTheirRates()
    {
        var step = Gen.Select(Gen.Int[0, 3000], Gen.Int[0, 40], Gen.Int[0, 2], static (ms, sender, endpoint) => (ms, sender, endpoint));
        Gen.Select(Gen.ULong, step.Array[0, 400]).Sample((key, steps) =>
        {
            var log = new RejectionLog(key);
            var now = Start;
            var taken = new List<DeliveryRecord>();
            foreach (var (ms, sender, endpoint) in steps)
            {
                now = now.AddMilliseconds(ms / 100);
                log.Add(Refused(sender % 2 == 0 ? $"10.0.0.{sender}" : $"2001:db8:0:{sender}::{ms}", now) with { Endpoint = $"e{endpoint}" });
                if (ms % 50 == 0)
                {
                    taken.AddRange(log.Take(withCounts: ms % 100 == 0));
                }
            }

            taken.AddRange(log.Take(withCounts: true));
            Assert.Equal(steps.Length, taken.Sum(static r => r.Count));
            var seconds = (now - Start).TotalSeconds;
            Assert.All(taken.Where(static r => r.Facts.BodyBytes > 0).GroupBy(static r => r.Endpoint), group =>
                Assert.True(group.Count() <= RejectionLog.Burst + (seconds * RejectionLog.RecordsPerSecond) + 1e-6));
        }, iter: 300);
    }

    private void Add(int count, Func<int, string> sender)
    {
        for (var i = 0; i < count; i++)
        {
            _log.Add(Refused(sender(i), Start));
        }
    }

    private static DeliveryRecord Refused(string remoteIp, DateTimeOffset at) => new()
    {
        Endpoint = "default",
        ReceivedAt = at,
        Outcome = DeliveryOutcome.Rejected,
        Code = "signature_mismatch",
        Facts = new DeliveryFacts(remoteIp, 10, null, TimeSpan.Zero),
    };
}
