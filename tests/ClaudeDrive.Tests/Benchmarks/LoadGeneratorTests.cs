using System.Net;
using System.Net.Sockets;
using System.Text;
using ClaudeDrive.Ingest;
using ClaudeDrive.LoadGenerator;
using ClaudeDrive.LoadGenerator.Events;
using ClaudeDrive.LoadGenerator.Running;
using Xunit;

namespace ClaudeDrive.Tests.Benchmarks;

public sealed class LoadGeneratorTests
{
    private const string Secret = "whsec_BwwRFhsgJSovNDk+Q0hNUldcYWZrcHV6f4SJjpOYnaI=";
    private static readonly byte[] Answer = "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"u8.ToArray();
    private static readonly byte[] Refusal = "HTTP/1.1 503 No\r\nContent-Length: 2\r\n\r\nno"u8.ToArray();
    private static readonly DateTimeOffset Now = new(2026, 11, 25, 12, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Fill_AnyEvent_VerifiesAndNamesASession(bool random)
    {
        var plan = Plan(20_000, random ? EventIdOrder.Random : EventIdOrder.Ordered);
        using var secret = WebhookSecret.Parse(Secret);

        var requests = Requests(plan);

        Assert.Equal(plan.Requests, requests.Select(static request => request.Id).Distinct(StringComparer.Ordinal).Count());
        Assert.Equal(!random, requests.Zip(requests.Skip(1)).All(static pair => string.CompareOrdinal(pair.First.Id, pair.Second.Id) < 0));
        Assert.All(requests, request =>
        {
            var proof = WebhookSignature.Verify(request.Body, request.Id, request.Timestamp, request.Signature, [secret], Now);
            Assert.True(proof.IsValid, proof.Outcome.ToString());
            Assert.True(EventBody.TryRead(request.Body, out var fields));
            Assert.Equal(request.Id, fields.Top.Get(EventField.Id));
            Assert.Equal("session.status_idled", fields.Data.Get(EventField.Type));
        });
    }

    [Fact]
    public void Fill_Bursts_KeepToOneSession()
    {
        var sessions = Requests(Plan(500, EventIdOrder.Ordered) with { Burst = 50 }).Select(static request => Session(request.Body)).ToArray();

        Assert.All(sessions.Chunk(50), static burst => Assert.Single(burst.Distinct()));
        Assert.True(sessions.Distinct().Count() > 5);
    }

    [Fact]
    public void Ids_OfALaterRun_SortBehindAndDiffer()
    {
        var before = Requests(Plan(100, EventIdOrder.Ordered)).Select(static request => request.Id);
        var after = SignedEvents.Make(Plan(100, EventIdOrder.Ordered), Now.AddSeconds(1));

        Assert.True(string.CompareOrdinal(before.Max(StringComparer.Ordinal), Read(after, 0).Id) < 0);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(20_000)]
    public async Task Run_EventsUsedUp_EachIsSentAndAnsweredOnce(int rate)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "The load generator waits with epoll.");
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var plan = Plan(1000, EventIdOrder.Ordered) with
        {
            Target = new Uri($"http://{listener.LocalEndpoint}/webhooks/claude"),
            Connections = 7,
            Rate = rate,
        };
        var events = SignedEvents.Make(plan, Now);
        using var run = new LoadRun(plan, events);
        var refused = Enumerable.Range(0, 100).Select(index => Read(events, index * 10).Id).ToHashSet(StringComparer.Ordinal);
        var answering = Task.WhenAll(Enumerable.Range(0, plan.Connections)
            .Select(_ => AnswerAsync(listener, events.Template.Length, refused, TestContext.Current.CancellationToken)));

        var report = await Task.Factory.StartNew(
            run.Run, TestContext.Current.CancellationToken, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        run.Dispose();
        var ids = (await answering).SelectMany(static received => received).ToArray();

        Assert.True(report.Exhausted);
        Assert.Equal((900L, 100L, 0), (report.AcceptedInAll, report.Refused, (int)(report.Broken + report.Unanswered)));
        Assert.Equal(1000, ids.Distinct(StringComparer.Ordinal).Count());
        Assert.Equal(1000, ids.Length);
    }

    [Theory]
    [InlineData("ClaudeDrive.LoadGenerator/ClaudeDrive.LoadGenerator.csproj")]
    [InlineData("peers/ClaudeDrive.Peers/ClaudeDrive.Peers.csproj")]
    public void Project_OfAMeasure_UsesNothingOfTheProduct(string project)
    {
        var text = File.ReadAllText(Path.Combine(RepositoryRoot.Folder, "benchmarks", project));

        Assert.DoesNotContain("ProjectReference", text, StringComparison.Ordinal);
        Assert.DoesNotContain("<Compile", text, StringComparison.Ordinal);
    }

    private static LoadPlan Plan(int requests, EventIdOrder order) => new()
    {
        Target = new Uri("http://127.0.0.1:4100/webhooks/claude"),
        Secret = Secret,
        Connections = 1,
        Rate = 0,
        WarmUp = TimeSpan.Zero,
        Duration = TimeSpan.FromSeconds(60),
        Ids = order,
        Sessions = 1000,
        Burst = 1,
        Requests = requests,
        Seed = 1,
    };

    private static Request[] Requests(LoadPlan plan)
    {
        var events = SignedEvents.Make(plan, Now);
        return [.. Enumerable.Range(0, events.Count).Select(index => Read(events, index))];
    }

    private static Request Read(SignedEvents events, int index)
    {
        var bytes = events.Template.Copy();
        events.Fill(index, bytes);
        var text = Encoding.ASCII.GetString(bytes).Split("\r\n\r\n");
        var headers = text[0].Split("\r\n").Skip(1).Select(static line => line.Split(": ")).ToDictionary(static pair => pair[0], static pair => pair[1]);
        Assert.Equal(headers["Content-Length"], $"{text[1].Length}");
        return new Request(headers["webhook-id"], headers["webhook-timestamp"], headers["webhook-signature"], Encoding.ASCII.GetBytes(text[1]));
    }

    private static string? Session(byte[] body) => EventBody.TryRead(body, out var fields) ? fields.Data.Get(EventField.Id) : null;

    /// <summary>Answers one connection until it is closed, some events with 503; the ids that came.</summary>
    private static async Task<List<string>> AnswerAsync(TcpListener listener, int length, HashSet<string> refused, CancellationToken cancellationToken)
    {
        using var client = await listener.AcceptTcpClientAsync(cancellationToken);
        await using var stream = client.GetStream();
        var request = new byte[length];
        List<string> ids = [];
        while (await stream.ReadAtLeastAsync(request, length, throwOnEndOfStream: false, cancellationToken) == length)
        {
            var text = Encoding.ASCII.GetString(request);
            var id = text[(text.IndexOf("webhook-id: ", StringComparison.Ordinal) + 12)..][..EventIds.Length];
            ids.Add(id);
            await stream.WriteAsync(refused.Contains(id) ? Refusal : Answer, cancellationToken);
        }

        return ids;
    }

    private sealed record Request(string Id, string Timestamp, string Signature, byte[] Body);
}
