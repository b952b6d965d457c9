using System.Buffers.Binary;
using System.Text;
using ClaudeDrive.Inbox;
using ClaudeDrive.Inbox.Spool;
using ClaudeDrive.Ingest;

namespace ClaudeDrive.Fuzz;

/// <summary>
/// Files of the spool with damage in them, as a disk leaves them: every byte is accounted for once, whole records are found, and what they hold is read or
/// refused. The first byte says whether what follows is a segment or the payload of one record, which no checksum protects from the fuzzer then.
/// </summary>
internal sealed class SpoolTarget : IFuzzTarget
{
    private const byte Segment = 0;
    private const byte Payload = 1;

    private static readonly SegmentId Id = new(7, 0x0123_4567_89AB_CDEF);

    public string Name => "spool";

    public IReadOnlyList<byte[]> Tokens { get; } = [SpoolFormat.Marker.ToArray(), [0, 0, 0, 0], [0xFF, 0xFF, 0xFF, 0x7F], [7, 0, 0, 0, 0, 0, 0, 0], [0x80, 0x80, 0x80, 0x80, 0x08]];

    public IEnumerable<byte[]> Seeds()
    {
        var payloads = Payloads.All.Where(static body => body.Length < 400).Take(6).Select((body, i) => SpoolCodec.Encode(Arrival(body, i))).ToArray();
        foreach (var payload in payloads)
        {
            yield return [Payload, .. payload];
        }

        for (var count = 0; count <= 4; count++)
        {
            yield return [Segment, .. File(payloads.Take(count))];
        }

        yield return [Segment, .. File(payloads.Take(3))[..^9]];
        yield return [Segment, .. File(payloads.Take(2)), .. new byte[64]];
    }

    public void Run(ReadOnlySpan<byte> input)
    {
        if (input.IsEmpty)
        {
            return;
        }

        var bytes = input[1..].ToArray();
        if (input[0] == Payload)
        {
            Decode(bytes);
        }
        else
        {
            Scan(bytes);
        }
    }

    private static void Scan(byte[] bytes)
    {
        var id = SpoolFormat.ReadHeader(bytes) ?? Id;
        var start = Math.Min(bytes.Length, SpoolFormat.HeaderBytes);
        var scan = SegmentScan.Of(bytes, SpoolFormat.HeaderBytes, id.FirstSeq - 1, id.Seed);

        // Records and damage, put side by side, are the file.
        var parts = scan.Records.Select(static r => (At: r.Offset - SpoolFormat.RecordOverhead, Length: r.Length + SpoolFormat.RecordOverhead))
            .Concat(scan.Damage.Select(static d => (At: d.Offset, d.Length))).OrderBy(static p => p.At);
        var at = start;
        foreach (var part in parts)
        {
            FindingException.Unless(part.At == at && part.Length > 0, $"byte {at} is in no part, or in two");
            at += part.Length;
        }

        FindingException.Unless(at == bytes.Length, "the end of the file is in no part");
        var last = id.FirstSeq - 1;
        foreach (var record in scan.Records)
        {
            FindingException.Unless(record.Seq > last, "numbers that do not rise");
            last = record.Seq;
            Decode(bytes[record.Offset..(record.Offset + record.Length)]);
        }
    }

    private static void Decode(byte[] payload)
    {
        InboxArrival arrival;
        try
        {
            arrival = SpoolCodec.Decode(payload);
        }
        catch (InvalidDataException)
        {
            return; // Refused, as it says.
        }

        FindingException.Unless(Enum.IsDefined(arrival.Source) && Enum.IsDefined(arrival.Envelope.Dialect) && Enum.IsDefined(arrival.Envelope.Lane), "a value that there is not");
        var again = SpoolCodec.Decode(SpoolCodec.Encode(arrival));
        FindingException.Unless(again.Envelope == arrival.Envelope && again.Body.Span.SequenceEqual(arrival.Body.Span), "an arrival that changes when it is written");
    }

    private static byte[] File(IEnumerable<byte[]> payloads)
    {
        var file = new byte[SpoolFormat.HeaderBytes];
        SpoolFormat.WriteHeader(file, Id);
        foreach (var (i, payload) in payloads.Index())
        {
            var record = new byte[SpoolFormat.RecordOverhead + payload.Length];
            SpoolFormat.WriteRecord(record, Id.FirstSeq + i, payload, Id.Seed);
            file = [.. file, .. record];
        }

        return file;
    }

    private static InboxArrival Arrival(byte[] body, int number)
    {
        _ = EventBody.TryRead(body, out var fields);
        return new InboxArrival
        {
            Endpoint = "default",
            Envelope = EnvelopeParser.Parse(in fields, body, $"whe_{number}", WebhookDialect.Standard, WebhookDialects.All),
            Body = body,
            ReceivedAt = DateTimeOffset.FromUnixTimeSeconds(1764000000 + number),
            Delivery = number % 2 == 0 ? new DeliveryFacts("203.0.113.9", body.Length, "sec_1", TimeSpan.FromMilliseconds(3)) : null,
        };
    }
}
