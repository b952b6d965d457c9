using System.Net;
using System.Net.ServerSentEvents;
using System.Runtime.CompilerServices;

namespace ClaudeDrive.Cli.Api;

/// <summary>
/// The server's live stream, kept open: when the connection is lost it is opened again where it broke (<c>Last-Event-ID</c>),
/// after 1, 2, 4 … at most 30 seconds, or after what the server asked for. A refusal at the first attempt, or one that says
/// the key, the role or the address is wrong at any attempt, ends it with a <see cref="CliException"/>.
/// </summary>
internal sealed class LiveStream(ApiClient api, TimeProvider time, Action<string> report)
{
    private const long LargestMessage = 16 * 1024 * 1024;

    private static readonly TimeSpan LongestSilence = TimeSpan.FromMinutes(2);

    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(30);

    private string? _lastEventId;
    private TimeSpan? _askedPause;
    private int _failures;
    private bool _everConnected;
    private bool _ended;

    public async IAsyncEnumerable<StreamMessage> ReadAsync(string target, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        while (!_ended)
        {
            var response = await ConnectAsync(target, cancellationToken);
            if (response is not null)
            {
                using (response)
                {
                    await foreach (var message in ReadConnectionAsync(response, cancellationToken))
                    {
                        _failures = 0;
                        yield return message;
                    }
                }
            }

            if (!_ended)
            {
                await PauseAsync(cancellationToken);
            }
        }
    }

    private async Task<HttpResponseMessage?> ConnectAsync(string target, CancellationToken cancellationToken)
    {
        try
        {
            var response = await api.OpenStreamAsync(target, _lastEventId, cancellationToken);
            if (_failures > 0)
            {
                report("connected again");
            }

            _everConnected = true;

            // 204 is how a server tells a reader of server-sent events not to come back.
            _ended = response.StatusCode == HttpStatusCode.NoContent;
            return response;
        }
        catch (CliException failure) when (_everConnected && failure.Passing)
        {
            report(failure.Message);
            return null;
        }
    }

    private async IAsyncEnumerable<StreamMessage> ReadConnectionAsync(
        HttpResponseMessage response, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await using var stream = new CappedStream(
            await response.Content.ReadAsStreamAsync(cancellationToken), LargestMessage, LongestSilence, time);
        var parser = SseParser.Create(stream);
        await using var messages = parser.EnumerateAsync(cancellationToken).GetAsyncEnumerator(cancellationToken);
        while (await MoveNextAsync(messages))
        {
            stream.Reset();
            _lastEventId = parser.LastEventId.Length > 0 ? parser.LastEventId : _lastEventId;
            _askedPause = parser.ReconnectionInterval > TimeSpan.Zero ? parser.ReconnectionInterval : _askedPause;
            var message = messages.Current;
            if (message.Data.Length > 0)
            {
                yield return new StreamMessage(_lastEventId, message.EventType, message.Data);
            }
        }
    }

    private async Task<bool> MoveNextAsync(IAsyncEnumerator<SseItem<string>> messages)
    {
        try
        {
            if (await messages.MoveNextAsync())
            {
                return true;
            }

            report("the server closed the stream");
        }
        catch (Exception failure) when (failure is IOException or HttpRequestException)
        {
            report("the connection was lost: " + failure.Message);
        }

        return false;
    }

    private async Task PauseAsync(CancellationToken cancellationToken)
    {
        _failures++;
        var pause = _failures == 1 && _askedPause is { } asked
            ? asked
            : TimeSpan.FromSeconds(Math.Pow(2, Math.Min(_failures, 6) - 1));
        pause = pause < LongestPause ? pause : LongestPause;
        report(FormattableString.Invariant($"trying again in {pause.TotalSeconds:0.#} s"));
        await Task.Delay(pause, time, cancellationToken);
    }
}
