using System.Globalization;
using System.Text;
using ClaudeDrive.Cli.Listing;

namespace ClaudeDrive.Cli.Verify;

/// <summary>Reads the files, the body and the time for <c>verify</c>. Every failure is wrong usage and repeats no content.</summary>
internal static class VerifyInputs
{
    public const int LargestBody = 1024 * 1024;

    private const int LargestFile = 64 * 1024;

    private const int MostSecrets = 100;

    /// <summary>One secret a line; empty lines and lines that begin with # do not count.</summary>
    public static async Task<IReadOnlyList<string>> SecretsAsync(string path, CancellationToken cancellationToken)
    {
        var lines = (await ReadTextAsync("--secret-file", path, cancellationToken))
            .Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
            .Where(line => line.Length > 0 && line[0] != '#')
            .ToList();
        return lines.Count switch
        {
            0 => throw CliException.Usage("the secret file holds no secret", "put the whsec_… text of the endpoint into it, one secret a line"),
            > MostSecrets => throw CliException.Usage($"the secret file holds more than {MostSecrets} lines"),
            _ => lines,
        };
    }

    /// <summary>Lines <c>Name: value</c>; a request line at the top and empty lines are skipped.</summary>
    public static async Task<IReadOnlyList<KeyValuePair<string, string>>> HeadersAsync(string path, CancellationToken cancellationToken)
    {
        var headers = new List<KeyValuePair<string, string>>();
        var number = 0;
        foreach (var line in (await ReadTextAsync("--headers", path, cancellationToken)).Split('\n'))
        {
            number++;
            var colon = line.IndexOf(':', StringComparison.Ordinal);
            var isRequestLine = number == 1 && line.Contains(" HTTP/", StringComparison.Ordinal);
            if (line.Trim().Length == 0 || isRequestLine)
            {
                continue;
            }

            if (colon <= 0)
            {
                throw CliException.Usage(string.Create(CultureInfo.InvariantCulture, $"line {number} of the headers file is not 'Name: value'"));
            }

            headers.Add(new(line[..colon].Trim(), line[(colon + 1)..].Trim()));
        }

        return headers;
    }

    public static async Task<byte[]> BodyAsync(CliHost host, CancellationToken cancellationToken)
    {
        if (host.InputIsTerminal)
        {
            throw CliException.Usage("the body is read from standard input", "claudedrive verify … < body.json");
        }

        var body = await ReadCappedAsync(host.Input, LargestBody, cancellationToken);
        return body ?? throw CliException.Usage($"the body is larger than {LargestBody / 1024} KiB; no webhook is");
    }

    /// <summary>Unix seconds, RFC 3339 or an age.</summary>
    public static DateTimeOffset Now(string? text, DateTimeOffset now)
    {
        if (text is null)
        {
            return now;
        }

        if (long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds) && seconds <= 253402300799)
        {
            return DateTimeOffset.FromUnixTimeSeconds(seconds);
        }

        return InstantText.Read(text, now)
            ?? throw CliException.Usage($"--now '{text}' is not a time", "give unix seconds like 1764000000, or RFC 3339 like 2025-11-24T16:00:00Z");
    }

    private static async Task<string> ReadTextAsync(string option, string path, CancellationToken cancellationToken)
    {
        try
        {
            await using var file = File.OpenRead(path);
            var bytes = await ReadCappedAsync(file, LargestFile, cancellationToken);
            return bytes is null
                ? throw CliException.Usage($"the file of {option} is larger than {LargestFile / 1024} KiB")
                : Encoding.UTF8.GetString(bytes).TrimStart('\uFEFF');
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            var why = failure is FileNotFoundException or DirectoryNotFoundException ? "does not exist" : "cannot be read";
            throw CliException.Usage($"{option}: the file '{path}' {why}");
        }
    }

    private static async Task<byte[]?> ReadCappedAsync(Stream stream, int largest, CancellationToken cancellationToken)
    {
        using var read = new MemoryStream();
        var buffer = new byte[16 * 1024];
        while (await stream.ReadAsync(buffer, cancellationToken) is var count and > 0)
        {
            if (read.Length + count > largest)
            {
                return null;
            }

            await read.WriteAsync(buffer.AsMemory(0, count), cancellationToken);
        }

        return read.ToArray();
    }
}
