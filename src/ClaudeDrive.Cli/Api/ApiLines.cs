using System.Text;

namespace ClaudeDrive.Cli.Api;

/// <summary>Reads an answer line by line, however long it is; one line is bounded.</summary>
internal static class ApiLines
{
    /// <summary>Longest line, in characters: a row of the audit log is far shorter.</summary>
    private const int LongestLine = 4 * 1024 * 1024;

    /// <summary>Opens <paramref name="target"/> and yields its lines without their ends. Throws <see cref="CliException"/>.</summary>
    public static async IAsyncEnumerable<string> ReadAsync(
        ApiClient api, string target, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using var response = await api.OpenStreamAsync(target, null, cancellationToken);
        await using var stream = await response.Content.ReadAsStreamAsync(cancellationToken);
        using var reader = new StreamReader(stream, Encoding.UTF8);
        while (true)
        {
            string? line;
            try
            {
                line = await reader.ReadLineAsync(cancellationToken);
            }
            catch (Exception failure) when (failure is HttpRequestException or IOException)
            {
                throw Refusals.NoAnswer(failure, api.Address);
            }

            if (line is null)
            {
                yield break;
            }

            yield return line.Length <= LongestLine ? line : throw new CliException($"a line of the answer of {api.Address} is too long");
        }
    }
}
