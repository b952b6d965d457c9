using System.Net;
using System.Net.Sockets;

namespace ClaudeDrive.Network;

/// <summary>
/// Stands between addresses that users enter and the network that this process can reach. Every URL that a user can enter goes through it, twice: when it
/// is entered (<see cref="CheckAsync"/>, which tells the user why not) and at every connection (<see cref="CreateHandler"/>, which resolves the name,
/// judges every address it has, and connects to one of exactly those, so that a name which leads elsewhere a moment later gains nothing). Settings of the
/// operator, such as <c>ANTHROPIC_BASE_URL</c>, are no user's and do not go through it. Thread-safe. See ADR 0025.
/// </summary>
/// <param name="allowance">What is allowed beyond the open internet.</param>
/// <param name="resolve">Resolves a name into its addresses; throws <see cref="SocketException"/> when it has none.</param>
internal sealed class OutboundGuard(OutboundAllowance allowance, Func<string, CancellationToken, Task<IPAddress[]>> resolve)
{
    /// <summary>Longest wait for a connection. Chosen: a server that is there answers within a second.</summary>
    public static readonly TimeSpan ConnectTimeout = TimeSpan.FromSeconds(10);

    /// <summary>How long a connection is used before the name is resolved and judged anew. Chosen: some DNS lifetimes.</summary>
    public static readonly TimeSpan ConnectionLifetime = TimeSpan.FromMinutes(2);

    /// <summary>Largest head of an answer, in KiB.</summary>
    private const int MaxHeadKibibytes = 32;

    /// <summary>A guard that asks the system's resolver.</summary>
    public OutboundGuard(OutboundAllowance allowance)
        : this(allowance, static (host, cancellationToken) => Dns.GetHostAddressesAsync(host, cancellationToken))
    {
    }

    /// <summary>
    /// Judges an address as it was entered, its name resolved now; null when it may be used. Says nothing about tomorrow: the connection is judged again.
    /// </summary>
    public async Task<OutboundRefusal?> CheckAsync(string? text, CancellationToken cancellationToken)
    {
        if (!OutboundUrl.TryRead(text, allowance, out var url, out var refusal))
        {
            return refusal;
        }

        try
        {
            _ = await ResolveAsync(url.Host, url.Address, cancellationToken).ConfigureAwait(false);
            return null;
        }
        catch (OutboundRefusedException e)
        {
            return e.Refusal;
        }
    }

    /// <summary>
    /// A handler whose every request and connection is judged. It follows no redirect, keeps no cookies, uses no proxy of the environment (which would
    /// resolve names in our stead), and sends no credentials of its own. A refusal is an <see cref="OutboundRefusedException"/>, of a connection inside an
    /// <see cref="HttpRequestException"/>. The size and the time of an answer are the caller's to bound.
    /// </summary>
    public HttpMessageHandler CreateHandler() => new Gate(allowance)
    {
        InnerHandler = new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            UseCookies = false,
            UseProxy = false,
            AutomaticDecompression = DecompressionMethods.None,
            Credentials = null,
            PreAuthenticate = false,
            ConnectTimeout = ConnectTimeout,
            PooledConnectionLifetime = ConnectionLifetime,
            MaxResponseHeadersLength = MaxHeadKibibytes,
            ConnectCallback = ConnectAsync,
        },
    };

    private async ValueTask<Stream> ConnectAsync(SocketsHttpConnectionContext context, CancellationToken cancellationToken)
    {
        var (host, port) = (context.DnsEndPoint.Host, context.DnsEndPoint.Port);
        var addresses = await ResolveAsync(host, IPAddress.TryParse(host, out var literal) ? literal : null, cancellationToken).ConfigureAwait(false);
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            // These addresses and no others: nothing is resolved from here on.
            await socket.ConnectAsync(addresses, port, cancellationToken).ConfigureAwait(false);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    /// <summary>The addresses of a host, every one of which may be used; one that may not refuses them all, since it shows what the name is for.</summary>
    private async Task<IPAddress[]> ResolveAsync(string host, IPAddress? literal, CancellationToken cancellationToken)
    {
        var addresses = literal is not null ? [literal] : await AskAsync(host, cancellationToken).ConfigureAwait(false);
        if (addresses.Length == 0)
        {
            throw new OutboundRefusedException(OutboundRefusal.Unresolved);
        }

        var isNamed = literal is null && allowance.AllowsHost(host);
        return isNamed || Array.TrueForAll(addresses, address => allowance.AllowsAddress(address) || PublicAddresses.Contains(address))
            ? addresses
            : throw new OutboundRefusedException(OutboundRefusal.Address);
    }

    private async Task<IPAddress[]> AskAsync(string host, CancellationToken cancellationToken)
    {
        try
        {
            return await resolve(host, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception e) when (e is SocketException or ArgumentException)
        {
            // No such name; or one that the resolver does not take, such as one with a part of more than 63 characters.
            throw new OutboundRefusedException(OutboundRefusal.Unresolved);
        }
    }

    /// <summary>Judges the address of each request: a pooled connection does not excuse its scheme, user or port.</summary>
    private sealed class Gate(OutboundAllowance allowance) : DelegatingHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            Judge(request);
            return base.SendAsync(request, cancellationToken);
        }

        protected override HttpResponseMessage Send(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            Judge(request);
            return base.Send(request, cancellationToken);
        }

        private void Judge(HttpRequestMessage request)
        {
            if (request.RequestUri is { } uri && !OutboundUrl.TryRead(uri, allowance, out _, out var refusal))
            {
                throw new OutboundRefusedException(refusal);
            }
        }
    }
}
