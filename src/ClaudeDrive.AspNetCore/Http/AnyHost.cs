namespace ClaudeDrive.AspNetCore.Http;

/// <summary>Says on an endpoint that it answers to any name in the header Host: what is sent to it proves itself.</summary>
internal sealed class AnyHost
{
    private AnyHost()
    {
    }

    /// <summary>The one there is.</summary>
    public static AnyHost Instance { get; } = new();
}
