using System.Text;

namespace ClaudeDrive.Cli.Api;

/// <summary>Builds request targets. What users type is percent-encoded and can never leave its segment.</summary>
internal static class ApiPath
{
    public static string Of(params ReadOnlySpan<string> segments)
    {
        var path = new StringBuilder("api/v1");
        foreach (var segment in segments)
        {
            if (segment.Length == 0 || segment is "." or "..")
            {
                throw CliException.Usage($"'{segment}' is not an id");
            }

            path.Append('/').Append(Uri.EscapeDataString(segment));
        }

        return path.ToString();
    }

    public static string WithQuery(string path, IEnumerable<KeyValuePair<string, string>> query)
    {
        var target = new StringBuilder(path);
        var separator = '?';
        foreach (var (name, value) in query)
        {
            target.Append(separator).Append(Uri.EscapeDataString(name)).Append('=').Append(Uri.EscapeDataString(value));
            separator = '&';
        }

        return target.ToString();
    }
}
