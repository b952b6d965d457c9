using System.Globalization;
using ClaudeDrive.Conformance;
using ClaudeDrive.Inbox;
using ClaudeDrive.Inbox.Spool;
using ClaudeDrive.Ingest;
using CsCheck;
using Xunit;

namespace ClaudeDrive.Tests.Inbox.Spool;

/// <summary>The bytes of a segment under every damage. A failure prints the seed that repeats it.</summary>
public sealed class SpoolFormatTests
{
    private static readonly Gen<byte[][]> Payloads = Gen.Byte.Array[1, 120].Array[1, 12];

    private static readonly Gen<string?> Text = Gen.OneOf<string?>([null, .. Given.StrangeIds]);

    private static readonly Gen<DateTimeOffset> Instant =
        Gen.Long[0, DateTimeOffset.MaxValue.UtcTicks / 10].Select(micros => new DateTimeOffset(micros * 10, TimeSpan.Zero));

    [Fact]
    public void Crc32C_CheckValueOfTheStandard_IsThatValue() => Assert.Equal(0xE3069283u, Crc32C.Compute("123456789"u8));

    [Fact]
    public void Crc32C_InPieces_IsThatOfTheWhole() => Gen.Select(Gen.Byte.Array[0, 60], Gen.Int[0, 60]).Sample((bytes, cut) =>
    {
        cut = Math.Min(cut, bytes.Length);
        return Crc32C.Compute(bytes) == Crc32C.Compute(bytes.AsSpan(cut), Crc32C.Compute(bytes.AsSpan(0, cut)));
    });

    [Fact]
    public void EncodeThenDecode_AnyArrival_IsTheSame() =>
        Gen.Select(Gen.Byte.Array[0, 2000], Text.Array[8, 8], Instant, Gen.Bool, Gen.Bool, Gen.Bool, Gen.Enum<WorkLane>()).Sample(
            (body, texts, at, isDeletion, isParsed, hasDelivery, lane) =>
            {
                var arrival = Given.Arrival(new WebhookEnvelope
                {
                    EventId = texts[0] ?? "wevt",
                    EventType = texts[1] ?? "type",
                    Dialect = isParsed ? WebhookDialect.Standard : WebhookDialect.Guide,
                    CreatedAt = isDeletion ? null : at,
                    Resource = texts[2] is { } id ? new ResourceKey("session", id) : null,
                    ParentId = texts[3],
                    SessionId = texts[4],
                    OrganizationId = texts[5],
                    WorkspaceId = texts[6],
                    IsDeletion = isDeletion,
                    IsParsed = isParsed,
                    Lane = lane,
                }) with
                {
                    Body = body,
                    ReceivedAt = at,
                    Source = hasDelivery ? EventSource.Webhook : EventSource.Inferred,
                    ProofRequestId = texts[7],
                    Delivery = hasDelivery ? new DeliveryFacts(texts[3], body.Length, texts[4], TimeSpan.FromTicks(at.Ticks % 1_000_000)) : null,
                    WasSpooled = true,
                };

                var read = SpoolCodec.Decode(SpoolCodec.Encode(arrival));

                return read with { Body = arrival.Body } == arrival && read.Body.Span.SequenceEqual(body);
            });

    [Theory]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public void Decode_ValueThatThisProgramDoesNotKnow_IsRefused(int place)
    {
        var payload = SpoolCodec.Encode(new InboxArrival
        {
            Endpoint = "default",
            Envelope = new WebhookEnvelope { EventId = "whe_1", EventType = "some.type", Dialect = WebhookDialect.Standard },
            Body = "{}"u8.ToArray(),
            ReceivedAt = DateTimeOffset.UnixEpoch,
        });
        payload[place] = 0x7F; // source, dialect, lane
        Assert.Throws<InvalidDataException>(() => SpoolCodec.Decode(payload));
    }

    [Fact]
    public void Decode_TextOfNegativeLength_IsRefused()
    {
        byte[] payload = [.. SpoolCodec.Encode(new InboxArrival
        {
            Endpoint = "default",
            Envelope = new WebhookEnvelope { EventId = "whe_1", EventType = "some.type", Dialect = WebhookDialect.Standard },
            Body = "{}"u8.ToArray(),
            ReceivedAt = DateTimeOffset.UnixEpoch,
        }).AsSpan(0, 21), 0x80, 0x80, 0x80, 0x80, 0x08]; // the endpoint's name, of -2147483648 bytes
        Assert.Throws<InvalidDataException>(() => SpoolCodec.Decode(payload));
    }

    [Fact]
    public void Decode_AnyBytes_IsReadOrRefused() => Gen.Byte.Array[0, 200].Sample(bytes =>
    {
        try
        {
            SpoolCodec.Decode(bytes);
        }
        catch (InvalidDataException)
        {
            // That is the refusal.
        }
    });

    [Fact]
    public void Scan_CutAtAnyByte_FindsEveryWholeRecordBefore() => Gen.Select(Payloads, Gen.ULong).Sample((payloads, salt) =>
    {
        var (bytes, ends, seed) = Segment(payloads, salt);
        for (var cut = SpoolFormat.HeaderBytes; cut <= bytes.Length; cut++)
        {
            var scan = SegmentScan.Of(bytes.AsSpan(0, cut), SpoolFormat.HeaderBytes, 0, seed);
            var whole = ends.Count(end => end <= cut);
            Assert.Equal(payloads.Take(whole), scan.Records.Select(record => bytes.AsSpan(record.Offset, record.Length).ToArray()));
            Assert.Equal(whole == 0 ? SpoolFormat.HeaderBytes : ends[whole - 1], scan.End);
            Assert.Equal(cut > scan.End ? 1 : 0, scan.Damage.Count);
            Assert.All(scan.Damage, part => Assert.True(part.IsTorn, string.Create(CultureInfo.InvariantCulture, $"cut at {cut} is not taken for a torn write")));
        }
    });

    [Fact]
    public void Scan_BitsFlipped_LosesOnlyTheRecordsThatWereHit() =>
        Gen.Select(Payloads, Gen.ULong, Gen.Int[0, int.MaxValue].Array[1, 4]).Sample((payloads, salt, flips) =>
        {
            var (bytes, ends, seed) = Segment(payloads, salt);
            var hit = new HashSet<long>();
            foreach (var flip in flips)
            {
                var at = SpoolFormat.HeaderBytes + (flip / 8 % (bytes.Length - SpoolFormat.HeaderBytes));
                var before = bytes[at];
                bytes[at] ^= (byte)(1 << (flip % 8));
                hit.Add(1 + ends.FindIndex(end => at < end));
            }

            var scan = SegmentScan.Of(bytes, SpoolFormat.HeaderBytes, 0, seed);

            // Two flips may undo each other: then the record is there, which is no fault.
            var found = scan.Records.Select(static record => record.Seq).ToList();
            Assert.All(Enumerable.Range(1, payloads.Length).Where(seq => !hit.Contains(seq)), seq => Assert.Contains(seq, found));
            Assert.All(scan.Records, record => Assert.Equal(payloads[record.Seq - 1], bytes.AsSpan(record.Offset, record.Length).ToArray()));
            Assert.Equal(found.Order(), found);

            // Every byte is part of a record or reported as none.
            var covered = scan.Records.Sum(static record => record.Length + SpoolFormat.RecordOverhead) + scan.Damage.Sum(static part => part.Length);
            Assert.Equal(bytes.Length - SpoolFormat.HeaderBytes, covered);
        });

    [Fact]
    public void Scan_RecordsOfAnotherSegmentBehind_AreNotTaken() => Gen.Select(Payloads, Gen.ULong, Gen.ULong).Sample((payloads, one, other) =>
    {
        var (bytes, _, seed) = Segment(payloads, one);
        var (stale, _, _) = Segment(payloads, other == one ? other + 1 : other);
        byte[] both = [.. bytes, .. stale];

        var scan = SegmentScan.Of(both, SpoolFormat.HeaderBytes, 0, seed);

        return scan.Records.Count == payloads.Length && scan.End == bytes.Length;
    });

    [Fact]
    public void Scan_PayloadFullOfMarkers_IsOneRecordAndFastWhenDamaged()
    {
        var payload = Enumerable.Repeat(SpoolFormat.Marker.ToArray(), 100_000).SelectMany(static marker => marker).ToArray();
        var (bytes, _, seed) = Segment([payload, [1]], 7);
        bytes[SpoolFormat.HeaderBytes + 5] ^= 1;

        var scan = SegmentScan.Of(bytes, SpoolFormat.HeaderBytes, 0, seed);

        Assert.Equal(2, Assert.Single(scan.Records).Seq);
    }

    [Fact]
    public void FileName_AnyId_ReadsBack() => Gen.Select(Gen.Long[1, long.MaxValue], Gen.ULong).Sample((first, salt) =>
    {
        var id = new SegmentId(first, salt);
        var header = new byte[SpoolFormat.HeaderBytes];
        SpoolFormat.WriteHeader(header, id);
        return SegmentId.FromFileName("/some/where/" + id.FileName) == id && SpoolFormat.ReadHeader(header) == id;
    });

    private static (byte[] Bytes, List<int> Ends, uint Seed) Segment(byte[][] payloads, ulong salt)
    {
        var id = new SegmentId(1, salt);
        var bytes = new byte[SpoolFormat.HeaderBytes + payloads.Sum(static payload => payload.Length + SpoolFormat.RecordOverhead)];
        SpoolFormat.WriteHeader(bytes, id);
        var ends = new List<int>();
        var at = SpoolFormat.HeaderBytes;
        foreach (var payload in payloads)
        {
            var end = at + payload.Length + SpoolFormat.RecordOverhead;
            SpoolFormat.WriteRecord(bytes.AsSpan(at, end - at), ends.Count + 1, payload, id.Seed);
            ends.Add(end);
            at = end;
        }

        return (bytes, ends, id.Seed);
    }
}
