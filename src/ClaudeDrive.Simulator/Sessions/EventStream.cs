using System.Threading.Channels;

namespace ClaudeDrive.Simulator.Sessions;

/// <summary>One connected reader of a session's or thread's events. A reader that falls 10,000 events behind is cut off.</summary>
internal sealed class EventStream
{
    private const int MaxBacklog = 10_000;

    private readonly Channel<(string Type, string Json)> _channel =
        Channel.CreateBounded<(string, string)>(new BoundedChannelOptions(MaxBacklog) { SingleReader = true });

    /// <summary>Events sent since the reader connected; completes when the session is deleted.</summary>
    public ChannelReader<(string Type, string Json)> Reader => _channel.Reader;

    /// <summary>Hands one event to the reader without waiting.</summary>
    public void Send(string type, string json)
    {
        if (!_channel.Writer.TryWrite((type, json)))
        {
            Close();
        }
    }

    /// <summary>Ends the stream.</summary>
    public void Close() => _channel.Writer.TryComplete();
}
