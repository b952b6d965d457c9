using System.Globalization;
using System.Reflection;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using ClaudeDrive.AspNetCore.Http;
using ClaudeDrive.Hosting;
using ClaudeDrive.Inbox;
using ClaudeDrive.Ingest;
using ClaudeDrive.Server;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace ClaudeDrive.Fuzz;

/// <summary>
/// The server as shipped, fed with raw bytes: head and body, as many requests as they make. The first byte chooses: the bytes as they are, or as the body of
/// a delivery that is signed here in one of three ways, so that what lies behind the proof is reached too.
/// </summary>
internal sealed class ReceiverTarget : IFuzzTarget, IDisposable
{
    private const byte Raw = 0;
    private const string Secret = "whsec_BwgJCgsMDQ4PEBESExQVFhcYGRobHB0eHyAhIiMkJSY=";
    private const string AdminKey = "cd_fuzz-administrator-key-0123456789";
    private const string Id = "whe_01FUZZ";
    private const int MaxBody = 262_144;

    private static readonly DateTimeOffset Now = DateTimeOffset.FromUnixTimeSeconds(1764000030);

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private static readonly byte[] Key = Convert.FromBase64String(Secret["whsec_".Length..]);

    // The table of the receiver, the API's own, and what Kestrel refuses by itself.
    private static readonly HashSet<int> Possible = [100, 200, 400, 401, 403, 404, 405, 408, 413, 414, 415, 429, 431, 505];

    private static readonly HashSet<string> Codes =
    [
        .. typeof(ProblemCodes).GetFields(BindingFlags.Public | BindingFlags.Static).Select(static field => (string)field.GetRawConstantValue()!),
        .. Rejection.All.Select(static rejection => rejection.Code),
    ];

    private readonly MemoryTransport _transport = new();
    private readonly ErrorWatch _errors = new();
    private readonly List<InboxArrival> _stored = [];
    private readonly WebApplication _app;

    public ReceiverTarget()
    {
        _app = ServerHost.Build(new ServerOptions
        {
            Settings = new Dictionary<string, string?> { ["ANTHROPIC_WEBHOOK_SIGNING_KEY"] = Secret, ["ClaudeDrive:AdminKey"] = AdminKey },
            Urls = ["http://127.0.0.1:4100"],
            AddDrive = builder =>
            {
                builder.Services.AddSingleton<TimeProvider>(new FixedTime());
                builder.Services.AddSingleton(StubStore.Make(Keep));
                builder.Services.AddReceiver();
            },
            Configure = builder =>
            {
                builder.Logging.ClearProviders();
                builder.Logging.AddProvider(_errors);
                builder.Services.AddSingleton<IConnectionListenerFactory>(_transport);
            },
        });
        Wait(_app.StartAsync(CancellationToken.None));
    }

    public string Name => "receiver";

    public IReadOnlyList<byte[]> Tokens { get; } = Payloads.Texts(
        "\r\n", "\r\n\r\n", ": ", "POST ", "GET ", " HTTP/1.1\r\n", "/webhooks/claude", "/default", "Host: localhost\r\n", "Content-Length: ", "Transfer-Encoding: chunked\r\n",
        "webhook-id: ", "webhook-timestamp: 1764000000\r\n", "webhook-signature: v1,", "X-Webhook-Signature: ", "Content-Encoding: gzip\r\n", "Expect: 100-continue\r\n",
        "Connection: close\r\n", "X-Forwarded-For: 10.0.0.1\r\n", "0\r\n\r\n", "%2F", "%00", "\0", "\"id\":", "\"event\"");

    public IEnumerable<byte[]> Seeds()
    {
        var body = Encoding.UTF8.GetBytes($"{{\"type\":\"event\",\"id\":\"{Id}\",\"created_at\":\"2025-11-24T15:59:58Z\",\"data\":{{\"type\":\"session.status_idled\",\"id\":\"sesn_1\"}}}}");
        foreach (var request in new[] { Signed(body, 1), Signed(body, 2), Signed(body, 3), [.. Signed(body, 1), .. Signed(body, 2)] })
        {
            yield return [Raw, .. request];
        }

        foreach (var text in new[]
        {
            "GET /healthz/live HTTP/1.1\r\nHost: localhost\r\n\r\n",
            "POST /webhooks/claude/nobody HTTP/1.1\r\nHost: localhost\r\nContent-Length: 2\r\n\r\n{}",
            "POST /webhooks/claude HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n",
            "POST /api/v1/dead-letters/retry HTTP/1.1\r\nHost: localhost\r\nOrigin: http://other.example\r\nContent-Length: 2\r\n\r\n{}",
            "GET /api/v1/me HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer cd_wrong\r\n\r\n",
            "POST /webhooks/claude HTTP/1.1\r\nHost: localhost\r\nContent-Encoding: gzip\r\nContent-Length: 2\r\n\r\n{}",
            "POST /webhooks/claude HTTP/1.1\r\nHost: localhost\r\nExpect: 100-continue\r\nContent-Length: 300000\r\n\r\n",
        })
        {
            yield return [Raw, .. Encoding.UTF8.GetBytes(text)];
        }

        foreach (var payload in Payloads.All.Where(static (_, i) => i % 10 == 0))
        {
            yield return [1, .. payload];
            yield return [2, .. payload];
            yield return [3, .. payload];
        }
    }

    public void Run(ReadOnlySpan<byte> input)
    {
        if (input.IsEmpty)
        {
            return;
        }

        _stored.Clear();
        var how = input[0] & 3;
        var body = input[1..].ToArray();
        var sent = how == Raw ? body : Signed(body, how);
        var answer = WaitFor(_transport.ExchangeAsync(sent));
        var error = _errors.Take();
        FindingException.Unless(error is null, $"the server logged an error: {error}");
        var text = Encoding.Latin1.GetString(answer);
        FindingException.Unless(!text.Contains("whsec_", StringComparison.Ordinal) && !text.Contains(AdminKey, StringComparison.Ordinal), "a secret in an answer");

        // An answer to HEAD has a length and no body: only the request tells.
        if (!Encoding.Latin1.GetString(sent).Contains("HEAD", StringComparison.Ordinal))
        {
            var answers = HttpAnswers.Read(answer);
            answers.ForEach(static one => Check(one.Status, one.Head, one.Body));
            if (how != Raw)
            {
                CheckSigned(body, how, answers);
            }
        }

        foreach (var arrival in _stored)
        {
            FindingException.Unless(Count(sent, arrival.Body.Span) > 0, "something was stored that nobody sent");
        }
    }

    public void Dispose()
    {
        Wait(_app.DisposeAsync().AsTask());
        Wait(_transport.DisposeAsync().AsTask());
        _errors.Dispose();
    }

    private static void Check(int status, string head, string body)
    {
        FindingException.Unless(Possible.Contains(status), $"an answer {status}");
        FindingException.Unless(!head.Contains("\r\nLocation:", StringComparison.OrdinalIgnoreCase), "a redirect");
        if (status < 400)
        {
            return;
        }

        if (body.Length == 0)
        {
            FindingException.Unless(head.Contains("\r\nConnection: close", StringComparison.Ordinal), "a refusal without a body, and the connection goes on");
            return;
        }

        using var problem = JsonDocument.Parse(body);
        FindingException.Unless(Codes.Contains(problem.RootElement.GetProperty("code").GetString()!), "a code that there is not");
        FindingException.Unless(head.Contains("\r\nX-Content-Type-Options: nosniff", StringComparison.Ordinal), "a refusal without the headers of every answer");
    }

    // What is signed is taken, unless it is no JSON or says something else than its headers.
    private void CheckSigned(byte[] body, int how, List<(int Status, string Head, string Body)> answers)
    {
        var isRead = EventBody.TryRead(body, out var fields);
        var expected = body.Length > MaxBody ? "body_too_large"
            : !isRead ? "body_malformed"
            : how == 3 ? Fresh(fields.CreatedAt)
            : fields.Top.Get(EventField.Id) is { } id && id != Id ? "id_mismatch" : null;
        var (status, _, text) = answers.Single();
        FindingException.Unless(
            expected is null
                ? status == 200 && _stored.Count == 1 && _stored[0].Body.Span.SequenceEqual(body)
                : status is 400 or 413 && text.Contains(expected, StringComparison.Ordinal),
            $"expected {expected ?? "200"}, got {status} {text}");
    }

    private static string? Fresh(DateTimeOffset? createdAt) => createdAt is not { } at ? "timestamp_malformed"
        : (Now.ToUnixTimeSeconds() - at.ToUnixTimeSeconds()) switch { > 300 => "timestamp_too_old", < -300 => "timestamp_too_new", _ => null };

    private static byte[] Signed(byte[] body, int how)
    {
        var time = Now.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);
        var prefix = how == 2 ? "X-Webhook" : "webhook";
        var mac = Convert.ToBase64String(HMACSHA256.HashData(Key, how == 3 ? body : [.. Encoding.UTF8.GetBytes($"{Id}.{time}."), .. body]));
        var headers = how == 3 ? $"X-Webhook-Signature: {mac}\r\n" : $"{prefix}-id: {Id}\r\n{prefix}-timestamp: {time}\r\n{prefix}-signature: v1,{mac}\r\n";
        return [.. Encoding.UTF8.GetBytes($"POST /webhooks/claude HTTP/1.1\r\nHost: localhost\r\n{headers}Content-Length: {body.Length}\r\n\r\n"), .. body];
    }

    private static int Count(ReadOnlySpan<byte> bytes, ReadOnlySpan<byte> part) => bytes.IndexOf(part) >= 0 ? 1 : 0;

#pragma warning disable VSTHRD002 // A fuzzer calls one input after the other, on a thread without a context.
    private static void Wait(Task task) => task.WaitAsync(Patience).GetAwaiter().GetResult();

    private static T WaitFor<T>(Task<T> task) => task.WaitAsync(Patience).GetAwaiter().GetResult();
#pragma warning restore VSTHRD002

    private void Keep(InboxArrival arrival)
    {
        lock (_stored)
        {
            _stored.Add(arrival);
        }
    }

    private sealed class FixedTime : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => Now;
    }
}
