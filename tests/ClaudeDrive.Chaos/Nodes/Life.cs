namespace ClaudeDrive.Chaos.Nodes;

/// <summary>One process of a node, from its start to its end.</summary>
internal sealed class Life(int number, ServerProcess process, DateTimeOffset born)
{
    /// <summary>From 1, counted by node.</summary>
    public int Number => number;

    public ServerProcess Process => process;

    public DateTimeOffset Born => born;

    /// <summary>It said that it listens.</summary>
    public bool Listened { get; set; }

    /// <summary>We ended it.</summary>
    public bool Killed { get; set; }

    /// <summary>The disk was full at some time before it listened: then it may end by itself, and is started again.</summary>
    public bool StartedOnFullDisk { get; set; }
}
