using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace ClaudeDrive.LoadGenerator.Events;

/// <summary>
/// Every event of a run, signed before it begins. Kept as id, session and signature (76 bytes), so that a million of them fit into memory and into no
/// cache line of the measured loop but their own.
/// </summary>
internal sealed class SignedEvents
{
    private const int Chunk = 8192;
    private const string SecretPrefix = "whsec_";

    private readonly byte[] _ids;
    private readonly byte[] _signatures;
    private readonly int _burst;
    private readonly int _sessions;
    private readonly ulong _seed;

    private SignedEvents(LoadPlan plan, RequestTemplate template)
    {
        Template = template;
        Count = plan.Requests;
        _burst = plan.Burst;
        _sessions = plan.Sessions;
        _seed = (ulong)plan.Seed << 40;
        _ids = GC.AllocateUninitializedArray<byte>(checked(Count * EventIds.Length));
        _signatures = GC.AllocateUninitializedArray<byte>(checked(Count * RequestTemplate.SignatureLength));
    }

    /// <summary>How many there are.</summary>
    public int Count { get; }

    /// <summary>The request they are filled into.</summary>
    public RequestTemplate Template { get; }

    /// <summary>Makes and signs the events of a plan.</summary>
    public static SignedEvents Make(LoadPlan plan, DateTimeOffset now)
    {
        var text = plan.Secret.StartsWith(SecretPrefix, StringComparison.Ordinal) ? plan.Secret[SecretPrefix.Length..] : plan.Secret;
        var key = Convert.FromBase64String(text);
        var events = new SignedEvents(plan, new RequestTemplate(plan.Target, now));
        var ids = new EventIds(plan.Ids, now, plan.Seed);
        Parallel.For(0, (events.Count + Chunk - 1) / Chunk, chunk => events.Sign(chunk, ids, key));
        return events;
    }

    /// <summary>Turns a sender's copy of the template into the request of one event.</summary>
    public void Fill(int index, Span<byte> request)
    {
        Template.SetEvent(request, _ids.AsSpan(index * EventIds.Length, EventIds.Length), Session(index));
        Template.SetSignature(request, _signatures.AsSpan(index * RequestTemplate.SignatureLength, RequestTemplate.SignatureLength));
    }

    // Drawn, so that the pauses between the events of one session vary as those of independent senders do.
    private int Session(int index) => (int)(EventIds.Mix(_seed ^ ((ulong)(index / _burst) * 0x9E3779B97F4A7C15UL)) % (ulong)_sessions);

    private void Sign(int chunk, EventIds ids, byte[] key)
    {
        using var hash = IncrementalHash.CreateHMAC(HashAlgorithmName.SHA256, key);
        var request = Template.Copy();
        var timestamp = Encoding.ASCII.GetBytes($".{Template.Timestamp}.");
        Span<byte> mac = stackalloc byte[HMACSHA256.HashSizeInBytes];
        for (var index = chunk * Chunk; index < Math.Min(Count, (chunk + 1) * Chunk); index++)
        {
            var id = _ids.AsSpan(index * EventIds.Length, EventIds.Length);
            ids.Write(index, id);
            Template.SetEvent(request, id, Session(index));
            hash.AppendData(id);
            hash.AppendData(timestamp);
            hash.AppendData(Template.Body(request));
            hash.GetHashAndReset(mac);
            Base64.EncodeToUtf8(mac, _signatures.AsSpan(index * RequestTemplate.SignatureLength, RequestTemplate.SignatureLength), out _, out _);
        }
    }
}
