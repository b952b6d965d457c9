using System.Net;
using System.Net.Sockets;
using System.Text;
using ClaudeDrive.SecretScan;
using Xunit;

namespace ClaudeDrive.Server.Tests.Running;

/// <summary>Speaks HTTP byte by byte, for what no client would send.</summary>
internal sealed class RawConnection : IAsyncDisposable
{
    private readonly TcpClient _client;
    private NetworkStream? _stream;

    private RawConnection(TcpClient client) => _client = client;

    /// <summary>Connects; from <paramref name="from"/>, which may be any address of 127.0.0.0/8, so that one machine can be many senders.</summary>
    public static async Task<RawConnection> OpenAsync(ServerUnderTest server, string from = "127.0.0.1")
    {
        var connection = new RawConnection(new TcpClient(new IPEndPoint(IPAddress.Parse(from), 0)));
        await connection._client.ConnectAsync(server.Address.Host, server.Address.Port, TestContext.Current.CancellationToken);
        connection._stream = connection._client.GetStream();
        return connection;
    }

    public Task SendAsync(string text) => SendAsync(Encoding.UTF8.GetBytes(text));

    public async Task SendAsync(byte[] bytes) => await _stream!.WriteAsync(bytes, TestContext.Current.CancellationToken);

    /// <summary>Tells the server that nothing more comes; the answer can still be read.</summary>
    public void EndSending() => _client.Client.Shutdown(SocketShutdown.Send);

    /// <summary>The answer: up to the end of its JSON, or what came before the server closed.</summary>
    public Task<string> ReadToEndAsync() => ReadAsync(static text =>
        text.Contains("\r\n\r\n", StringComparison.Ordinal) && text.TrimEnd('\r', '\n', '0').EndsWith('}'));

    /// <summary>Everything until the server closes.</summary>
    public Task<string> ReadToCloseAsync() => ReadAsync(static _ => false);

    /// <summary>The first line and the headers of the next answer, if the server waits after them.</summary>
    public Task<string> ReadHeadAsync() => ReadAsync(static text => text.EndsWith("\r\n\r\n", StringComparison.Ordinal));

    private async Task<string> ReadAsync(Func<string, bool> isWhole)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        patience.CancelAfter(ServerUnderTest.Patience);
        var text = new StringBuilder();
        var buffer = new byte[4096];
        try
        {
            while (!isWhole(text.ToString()))
            {
                var count = await _stream!.ReadAsync(buffer, patience.Token);
                if (count == 0)
                {
                    break;
                }

                text.Append(Encoding.UTF8.GetString(buffer, 0, count));
            }
        }
        catch (IOException)
        {
            // The server closed in the middle of what we sent: what came before counts.
        }

        SuiteOutput.Write("raw-answers", text.ToString());
        return text.ToString();
    }

    /// <summary>Waits until the server closes the connection. Throws when it does not within the time that everything has.</summary>
    public async Task WaitForCloseAsync()
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        patience.CancelAfter(ServerUnderTest.Patience);
        var buffer = new byte[4096];
        try
        {
            while (await _stream!.ReadAsync(buffer, patience.Token) > 0)
            {
            }
        }
        catch (IOException)
        {
            // Reset: closed too.
        }
    }

    public ValueTask DisposeAsync()
    {
        _client.Dispose();
        return ValueTask.CompletedTask;
    }
}
