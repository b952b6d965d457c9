namespace ClaudeDrive.Simulator.Sessions;

/// <summary>Running numbers of one session; they make its ids independent of every other session.</summary>
internal sealed class SessionCounters
{
    private long _events;
    private long _threads;
    private long _webhooks;
    private long _outcomes;

    /// <summary>The next event number, from 1.</summary>
    public long NextEvent() => ++_events;

    /// <summary>The next thread number, from 1.</summary>
    public long NextThread() => ++_threads;

    /// <summary>The next webhook number, from 1.</summary>
    public long NextWebhook() => ++_webhooks;

    /// <summary>The next outcome number, from 1.</summary>
    public long NextOutcome() => ++_outcomes;
}
