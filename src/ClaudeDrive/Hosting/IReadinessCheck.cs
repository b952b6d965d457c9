namespace ClaudeDrive.Hosting;

/// <summary>One entry of <c>/healthz/ready</c>. Register any number.</summary>
internal interface IReadinessCheck
{
    /// <summary>Name of what is checked, for example <c>store</c>.</summary>
    string Name { get; }

    /// <summary>Null when it works, else a stable snake_case code. Quick; may be called every second. May throw: that counts as failing.</summary>
    ValueTask<string?> CheckAsync(CancellationToken cancellationToken);

    /// <summary>What a person may want to know beside it: numbers, never ids or secrets; null when nothing. Quick.</summary>
    string? Detail => null;
}
