using System.Diagnostics.CodeAnalysis;

namespace ClaudeDrive.Hydration;

/// <summary>Either a value or a failure.</summary>
internal readonly struct ApiResult<T>
{
    private ApiResult(T? value, ApiFailure? failure)
    {
        Value = value;
        Failure = failure;
    }

    /// <summary>The value; default when failed.</summary>
    public T? Value { get; }

    /// <summary>The failure; null when it succeeded.</summary>
    public ApiFailure? Failure { get; }

    /// <summary>Success.</summary>
    public static implicit operator ApiResult<T>(T value) => new(value, null);

    /// <summary>Failure.</summary>
    public static implicit operator ApiResult<T>(ApiFailure failure) => new(default, failure);

    /// <summary>True, with the value, when it succeeded; else the failure.</summary>
    public bool TryGet([NotNullWhen(true)] out T? value, [NotNullWhen(false)] out ApiFailure? failure)
    {
        value = Value;
        failure = Failure;
        return failure is null;
    }
}
