using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Text;
using ClaudeDrive.Network;
using CsCheck;
using Xunit;

namespace ClaudeDrive.Tests.Network;

public sealed class OutboundGuardTests : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private readonly ConcurrentQueue<string> _heads = new();
    private readonly Task _serving;
    private string _answer = "HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: close\r\n\r\n";

    public OutboundGuardTests()
    {
        _listener.Start();
        _serving = ServeAsync();
    }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    [Theory]
    [InlineData("https://one.example/", null)]
    [InlineData("https://two.example/", null)]
    [InlineData("https://inside.example/", "url_address_not_allowed")]
    [InlineData("https://metadata.example/", "url_address_not_allowed")]
    [InlineData("https://split.example/", "url_address_not_allowed")]
    [InlineData("https://mapped.example/", "url_address_not_allowed")]
    [InlineData("https://nowhere.example/", "url_host_unresolved")]
    [InlineData("https://empty.example/", "url_host_unresolved")]
    [InlineData("https://127.0.0.1/", "url_address_not_allowed")]
    [InlineData("https://2130706433/", "url_address_not_allowed")]
    [InlineData("https://0x7f.1/", "url_address_not_allowed")]
    [InlineData("https://0177.0.0.1/", "url_address_not_allowed")]
    [InlineData("https://[::1]/", "url_address_not_allowed")]
    [InlineData("https://[::ffff:7f00:1]/", "url_address_not_allowed")]
    [InlineData("https://[64:ff9b::a00:1]/", "url_address_not_allowed")]
    [InlineData("http://one.example/", "url_scheme_not_allowed")]
    public async Task Check_Entered_RefusedUnlessEveryAddressIsPublic(string text, string? code)
    {
        var guard = new OutboundGuard(OutboundAllowance.None, ResolveAsync);
        Assert.Equal(code, (await guard.CheckAsync(text, Token))?.Code);
    }

    [Theory]
    [InlineData("https://①②⑦.⓪.⓪.①/")]
    [InlineData("https://127。0。0。1/")]
    [InlineData("https://127.0.0.1./")]
    [InlineData("https://%31%32%37.0.0.1/")]
    [InlineData("https://[::127.0.0.1]/")]
    public async Task Check_AddressInDisguise_Refused(string text)
    {
        // Whatever such a host is resolved to, if it is resolved at all.
        var guard = new OutboundGuard(OutboundAllowance.None, static (_, _) => Of("127.0.0.1"));
        Assert.NotNull(await guard.CheckAsync(text, Token));
    }

    [Fact]
    public async Task Send_NameThatIsAllowed_ReachesWhereverItLeads()
    {
        using var client = Client(["loopback.example"], static (_, _) => Of("127.0.0.1"));
        using var response = await client.GetAsync(new Uri($"http://loopback.example:{Port}/x"), Token);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Contains($"Host: loopback.example:{Port}", Assert.Single(_heads), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Send_AddressThatIsAllowed_IsReached()
    {
        using var client = Client(["127.0.0.0/8"], static (_, _) => throw new InvalidOperationException("nothing is resolved"));
        using var response = await client.GetAsync(new Uri($"http://127.0.0.1:{Port}/x"), Token);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
    }

    [Fact]
    public async Task Send_NameLeadsInsideOnceItWasChecked_IsRefusedAndNothingConnects()
    {
        // The classic: public while it is judged, loopback a moment later.
        var answers = new Queue<string>(["8.8.8.8", "127.0.0.1"]);
        var guard = new OutboundGuard(OutboundAllowance.None, (_, _) => Of(answers.Dequeue()));
        Assert.Null(await guard.CheckAsync($"https://rebound.example:{Port}/", Token));

        using var client = new HttpClient(guard.CreateHandler());
        var e = await Assert.ThrowsAsync<HttpRequestException>(() => client.GetAsync(new Uri($"https://rebound.example:{Port}/"), Token));

        Assert.Equal(OutboundRefusal.Address, Assert.IsType<OutboundRefusedException>(e.InnerException).Refusal);
        Assert.Empty(_heads);
    }

    [Fact]
    public async Task Send_EachConnection_ResolvesOnceAndUsesThatAnswer()
    {
        var asked = 0;
        using var client = Client(["127.0.0.1/32"], (_, _) => Of(Interlocked.Increment(ref asked) == 1 ? "127.0.0.1" : "127.0.0.2"), isNamed: true);
        using (await client.GetAsync(new Uri($"http://named.example:{Port}/"), Token))
        {
        }

        Assert.Equal(1, asked);
        Assert.Single(_heads);
    }

    [Fact]
    public async Task Send_AnsweredWithARedirect_IsNotFollowed()
    {
        _answer = $"HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:{Port}/secret\r\nContent-Length: 0\r\nConnection: close\r\n\r\n";
        using var client = Client(["127.0.0.1"], static (_, _) => Of("127.0.0.1"));
        using var response = await client.GetAsync(new Uri($"http://127.0.0.1:{Port}/x"), Token);
        Assert.Equal(HttpStatusCode.Found, response.StatusCode);
        Assert.Single(_heads);
    }

    [Theory]
    [InlineData("http://one.example/", "url_scheme_not_allowed")]
    [InlineData("https://user@one.example/", "url_malformed")]
    [InlineData("https://one.example:22/", "url_port_not_allowed")]
    public async Task Send_AddressThatWasNeverChecked_IsRefusedAllTheSame(string text, string code)
    {
        using var client = Client([], static (_, _) => throw new InvalidOperationException("nothing is resolved"));
        var e = await Assert.ThrowsAsync<OutboundRefusedException>(() => client.GetAsync(new Uri(text), Token));
        Assert.Equal(code, e.Refusal.Code);
        using var request = new HttpRequestMessage(HttpMethod.Get, text);
        Assert.Throws<OutboundRefusedException>(() => client.Send(request, Token));
    }

    [Fact]
    public async Task Check_AnyAddressesOfAName_AllowedOnlyIfEachOneIs()
    {
        var address = Gen.OneOf(
            Gen.Byte.Array[4].Select(static b => new IPAddress(b)),
            Gen.Byte.Array[16].Select(static b => new IPAddress(b)),
            Gen.OneOf("8.8.8.8", "1.1.1.1", "2606:4700:4700::1111", "10.0.0.1", "::1").Select(IPAddress.Parse));
        await address.Array[1, 4].SampleAsync(async addresses =>
        {
            var guard = new OutboundGuard(OutboundAllowance.None, (_, _) => Task.FromResult(addresses));
            var refusal = await guard.CheckAsync("https://any.example/", CancellationToken.None);
            Assert.Equal(Array.TrueForAll(addresses, PublicAddresses.Contains), refusal is null);
        }, iter: 5_000);
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _listener.Dispose();
        await _serving.WaitAsync(Patience, CancellationToken.None);
        _stop.Dispose();
    }

    private static Task<IPAddress[]> Of(params string[] addresses) => Task.FromResult(addresses.Select(IPAddress.Parse).ToArray());

    private static Task<IPAddress[]> ResolveAsync(string host, CancellationToken cancellationToken) => host switch
    {
        "one.example" => Of("8.8.8.8"),
        "two.example" => Of("8.8.8.8", "2606:4700:4700::1111"),
        "inside.example" => Of("10.0.0.1"),
        "metadata.example" => Of("169.254.169.254"),
        "split.example" => Of("8.8.8.8", "127.0.0.1"),
        "mapped.example" => Of("::ffff:192.168.0.1"),
        "empty.example" => Of(),
        _ => throw new SocketException((int)SocketError.HostNotFound),
    };

    private static HttpClient Client(string[] allowed, Func<string, CancellationToken, Task<IPAddress[]>> resolve, bool isNamed = false) =>
        new(new OutboundGuard(OutboundAllowance.Read(isNamed ? [.. allowed, "named.example"] : allowed).Allowance, resolve).CreateHandler());

    // Reads one head, answers, closes: all that these tests need of a server.
    private async Task ServeAsync()
    {
        try
        {
            while (true)
            {
                using var client = await _listener.AcceptTcpClientAsync(_stop.Token);
                var stream = client.GetStream();
                var head = new StringBuilder();
                var buffer = new byte[4096];
                while (!head.ToString().Contains("\r\n\r\n", StringComparison.Ordinal) && await stream.ReadAsync(buffer, _stop.Token) is > 0 and var count)
                {
                    head.Append(Encoding.ASCII.GetString(buffer, 0, count));
                }

                _heads.Enqueue(head.ToString());
                await stream.WriteAsync(Encoding.ASCII.GetBytes(_answer), _stop.Token);
            }
        }
        catch (Exception e) when (e is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            // The test is over.
        }
    }
}
