using System.Globalization;
using System.Text;
using ClaudeDrive.Ingest;

namespace ClaudeDrive.Inbox.Spool;

/// <summary>
/// One arrival as the payload of a record: everything that storing it needs, so that a later change of the configuration or of the rules of parsing
/// changes nothing about what was proven. Holds no header. Pure. A change of the layout needs a new version, and the old one stays readable.
/// </summary>
internal static class SpoolCodec
{
    private const byte Version = 1;

    [Flags]
    private enum Facts : byte
    {
        None = 0,
        IsDeletion = 1,
        IsParsed = 2,
        HasDelivery = 4,
    }

    /// <summary>Writes an arrival.</summary>
    public static byte[] Encode(InboxArrival arrival)
    {
        var envelope = arrival.Envelope;
        using var bytes = new MemoryStream(arrival.Body.Length + 512);
        using var to = new BinaryWriter(bytes, Encoding.UTF8);
        to.Write(Version);
        to.Write((byte)((envelope.IsDeletion ? Facts.IsDeletion : Facts.None)
            | (envelope.IsParsed ? Facts.IsParsed : Facts.None)
            | (arrival.Delivery is null ? Facts.None : Facts.HasDelivery)));
        to.Write((byte)arrival.Source);
        to.Write((byte)envelope.Dialect);
        to.Write((byte)envelope.Lane);
        to.Write(arrival.ReceivedAt.UtcTicks);
        to.Write(envelope.CreatedAt?.UtcTicks ?? 0);
        to.Write(arrival.Endpoint);
        to.Write(envelope.EventId);
        to.Write(envelope.EventType);
        WriteOptional(to, envelope.Resource?.Type);
        WriteOptional(to, envelope.Resource?.Id);
        WriteOptional(to, envelope.ParentId);
        WriteOptional(to, envelope.SessionId);
        WriteOptional(to, envelope.OrganizationId);
        WriteOptional(to, envelope.WorkspaceId);
        WriteOptional(to, arrival.ProofRequestId);
        if (arrival.Delivery is { } facts)
        {
            WriteOptional(to, facts.RemoteIp);
            to.Write(facts.BodyBytes);
            WriteOptional(to, facts.SecretId);
            to.Write(facts.Elapsed.Ticks);
        }

        to.Write(arrival.Body.Length);
        to.Write(arrival.Body.Span);
        to.Flush();
        return bytes.ToArray();
    }

    /// <summary>Reads an arrival; its body stays a part of <paramref name="payload"/>. Throws <see cref="InvalidDataException"/> for anything else.</summary>
    public static InboxArrival Decode(ArraySegment<byte> payload)
    {
        try
        {
            using var bytes = new MemoryStream(payload.Array!, payload.Offset, payload.Count, writable: false);
            using var from = new BinaryReader(bytes, Encoding.UTF8);
            var version = from.ReadByte();
            return version == Version
                ? Read(from, payload)
                : throw new InvalidDataException(string.Create(CultureInfo.InvariantCulture, $"a record of version {version}, which a newer program wrote"));
        }
        catch (Exception e) when (e is IOException or FormatException or ArgumentException)
        {
            // All from the bytes: the reader has an IOException for a text of negative length.
            throw new InvalidDataException("a record that cannot be read", e);
        }
    }

    private static InboxArrival Read(BinaryReader from, ArraySegment<byte> payload)
    {
        var facts = (Facts)from.ReadByte();
        var source = Known((EventSource)from.ReadByte());
        var dialect = Known((WebhookDialect)from.ReadByte());
        var lane = Known((WorkLane)from.ReadByte());
        var receivedAt = new DateTimeOffset(from.ReadInt64(), TimeSpan.Zero);
        var createdTicks = from.ReadInt64();
        var endpoint = from.ReadString();
        var envelope = new WebhookEnvelope
        {
            EventId = from.ReadString(),
            EventType = from.ReadString(),
            Dialect = dialect,
            CreatedAt = createdTicks == 0 ? null : new DateTimeOffset(createdTicks, TimeSpan.Zero),
            Resource = ReadResource(from),
            ParentId = ReadOptional(from),
            SessionId = ReadOptional(from),
            OrganizationId = ReadOptional(from),
            WorkspaceId = ReadOptional(from),
            IsDeletion = facts.HasFlag(Facts.IsDeletion),
            IsParsed = facts.HasFlag(Facts.IsParsed),
            Lane = lane,
        };
        return new InboxArrival
        {
            Endpoint = endpoint,
            Envelope = envelope,
            ReceivedAt = receivedAt,
            Source = source,
            ProofRequestId = ReadOptional(from),
            Delivery = facts.HasFlag(Facts.HasDelivery)
                ? new DeliveryFacts(ReadOptional(from), from.ReadInt32(), ReadOptional(from), new TimeSpan(from.ReadInt64()))
                : null,
            Body = ReadBody(from, payload),
            WasSpooled = true,
        };
    }

    // A value that a newer program wrote is refused here, where a person is told, and not met by whoever works with the event.
    private static T Known<T>(T value)
        where T : struct, Enum => Enum.IsDefined(value) ? value : throw new InvalidDataException($"a record with an unknown {typeof(T).Name}");

    private static ReadOnlyMemory<byte> ReadBody(BinaryReader from, ArraySegment<byte> payload)
    {
        var length = from.ReadInt32();
        return payload.AsMemory(checked((int)from.BaseStream.Position), length);
    }

    private static ResourceKey? ReadResource(BinaryReader from)
    {
        var (type, id) = (ReadOptional(from), ReadOptional(from));
        return type is null || id is null ? null : new ResourceKey(type, id);
    }

    private static void WriteOptional(BinaryWriter to, string? text)
    {
        to.Write(text is not null);
        if (text is not null)
        {
            to.Write(text);
        }
    }

    private static string? ReadOptional(BinaryReader from) => from.ReadBoolean() ? from.ReadString() : null;
}
