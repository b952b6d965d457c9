namespace ClaudeDrive.Cli.Api;

/// <summary>Where the server is and the key to show it.</summary>
internal sealed class ServerAddress
{
    public const string Default = "http://127.0.0.1:4100";

    private ServerAddress(Uri url, string? apiKey)
    {
        Url = url;
        ApiKey = apiKey;
    }

    /// <summary>Absolute, http or https, without credentials, query or final slash.</summary>
    public Uri Url { get; }

    /// <summary>Goes into the <c>Authorization</c> header and nowhere else.</summary>
    public string? ApiKey { get; }

    /// <summary>Takes the option first, the environment second. Throws <see cref="CliException"/> (wrong usage).</summary>
    public static ServerAddress From(string? urlOption, string? keyOption, Func<string, string?> variable)
    {
        var (text, origin) = urlOption is not null
            ? (urlOption, "--server")
            : (NullIfBlank(variable("CLAUDEDRIVE_URL")) ?? Default, "CLAUDEDRIVE_URL");
        if (!Uri.TryCreate(text, UriKind.Absolute, out var url) || url.Scheme is not ("http" or "https") || url.Host.Length == 0)
        {
            throw CliException.Usage($"{origin} is not an http or https address", $"give one like {Default}");
        }

        if (url.UserInfo.Length > 0)
        {
            throw CliException.Usage($"{origin} must not carry a user name or password", "set CLAUDEDRIVE_API_KEY instead");
        }

        if (url.Query.Length > 0 || url.Fragment.Length > 0)
        {
            throw CliException.Usage($"{origin} must be an address without '?' and '#'", $"give one like {Default}");
        }

        return new ServerAddress(new Uri(url.GetLeftPart(UriPartial.Path).TrimEnd('/')), CheckedKey(keyOption, variable));
    }

    public override string ToString() => Url.ToString().TrimEnd('/');

    private static string? CheckedKey(string? keyOption, Func<string, string?> variable)
    {
        var key = keyOption ?? NullIfBlank(variable("CLAUDEDRIVE_API_KEY"))?.Trim();
        if (key is null)
        {
            return null;
        }

        if (key.Length == 0 || key.Any(letter => letter is <= ' ' or > '~'))
        {
            var origin = keyOption is null ? "CLAUDEDRIVE_API_KEY" : "--api-key";
            throw CliException.Usage($"{origin} holds characters that no API key has (spaces, line ends or letters beyond ASCII)");
        }

        return key;
    }

    private static string? NullIfBlank(string? text) => string.IsNullOrWhiteSpace(text) ? null : text.Trim();
}
