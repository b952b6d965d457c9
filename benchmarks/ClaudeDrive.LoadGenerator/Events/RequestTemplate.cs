using System.Globalization;
using System.Text;

namespace ClaudeDrive.LoadGenerator.Events;

/// <summary>
/// The bytes of a request with places for what differs: id (twice), session and signature, all of fixed width. A run copies them in, so that nothing
/// is built or signed while it is measured.
/// </summary>
internal sealed class RequestTemplate
{
    /// <summary>Digits of a session's number.</summary>
    public const int SessionDigits = 9;

    /// <summary>Characters of an HMAC-SHA256 in base64.</summary>
    public const int SignatureLength = 44;

    private const string IdPlace = "{{{{{{{{{{{{{{{{{{{{{{{{{{{{";
    private const string SessionPlace = "<<<<<<<<<";
    private const string SignaturePlace = "||||||||||||||||||||||||||||||||||||||||||||";

    private readonly byte[] _bytes;
    private readonly int _idInHead;
    private readonly int _signature;
    private readonly int _body;
    private readonly int _idInBody;
    private readonly int _session;

    /// <summary>Makes the request of one target; <paramref name="signedAt"/> is the time that every signature tells.</summary>
    public RequestTemplate(Uri target, DateTimeOffset signedAt)
    {
        Timestamp = signedAt.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);
        var created = signedAt.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);
        var body = $$$"""{"type":"event","id":"{{{IdPlace}}}","created_at":"{{{created}}}","data":{"type":"session.status_idled","id":"sesn_01load{{{SessionPlace}}}00","""
            + "\"organization_id\":\"6a1f9c0e-7d52-4b38-9e44-0c5b7f2d8a13\",\"workspace_id\":\"wrkspc_01Load4Qm7Vd2Xs9KpR3TbYc\"}}";
        var head = $"POST {target.PathAndQuery} HTTP/1.1\r\nHost: {target.Authority}\r\nUser-Agent: load\r\nContent-Type: application/json\r\n"
            + $"Content-Length: {body.Length}\r\nwebhook-id: {IdPlace}\r\nwebhook-timestamp: {Timestamp}\r\nwebhook-signature: v1,{SignaturePlace}\r\n\r\n";
        var text = head + body;
        _bytes = Encoding.ASCII.GetBytes(text);
        _body = head.Length;
        _idInHead = text.IndexOf(IdPlace, StringComparison.Ordinal);
        _idInBody = text.LastIndexOf(IdPlace, StringComparison.Ordinal);
        _session = text.IndexOf(SessionPlace, StringComparison.Ordinal);
        _signature = text.IndexOf(SignaturePlace, StringComparison.Ordinal);
    }

    /// <summary>The unix seconds that are signed, as text.</summary>
    public string Timestamp { get; }

    /// <summary>Bytes of a request.</summary>
    public int Length => _bytes.Length;

    /// <summary>Bytes of a body.</summary>
    public int BodyLength => _bytes.Length - _body;

    /// <summary>A copy for one sender to fill in.</summary>
    public byte[] Copy() => [.. _bytes];

    /// <summary>Fills in what the signature covers.</summary>
    public void SetEvent(Span<byte> request, ReadOnlySpan<byte> id, int session)
    {
        id.CopyTo(request[_idInHead..]);
        id.CopyTo(request[_idInBody..]);
        for (var i = SessionDigits - 1; i >= 0; i--)
        {
            (session, var digit) = Math.DivRem(session, 10);
            request[_session + i] = (byte)('0' + digit);
        }
    }

    /// <summary>Fills in the signature.</summary>
    public void SetSignature(Span<byte> request, ReadOnlySpan<byte> base64) => base64.CopyTo(request[_signature..]);

    /// <summary>The body of a request.</summary>
    public ReadOnlySpan<byte> Body(ReadOnlySpan<byte> request) => request[_body..];
}
