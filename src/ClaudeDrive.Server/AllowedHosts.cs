using System.Net;

namespace ClaudeDrive.Server;

/// <summary>
/// Which names a request may call this server by (<c>ClaudeDrive:AllowedHosts</c>). Keeps a page of a stranger from talking to the server through the
/// reader's browser, under a name of the stranger's that was made to mean this machine. That attack needs a name: an address in the header Host is always
/// allowed, and so is no header at all, which no browser sends. Pure.
/// </summary>
internal sealed class AllowedHosts
{
    /// <summary>The configuration key.</summary>
    public const string Key = "ClaudeDrive:AllowedHosts";

    /// <summary>ASP.NET Core's own key, which would refuse deliveries as well, with a page instead of a problem document.</summary>
    public const string FrameworkKey = "AllowedHosts";

    private const string Any = "*";
    private const string Below = "*.";

    private readonly HashSet<string> _names;
    private readonly string[] _suffixes;
    private readonly bool _isSet;
    private readonly bool _any;

    private AllowedHosts(IReadOnlyList<string> names)
    {
        _isSet = names.Count > 0;
        _any = names.Contains(Any);
        _names = new HashSet<string>(names.Where(static name => !name.StartsWith(Any, StringComparison.Ordinal)), StringComparer.OrdinalIgnoreCase);
        _suffixes = [.. names.Where(static name => name.StartsWith(Below, StringComparison.Ordinal)).Select(static name => name[1..])];
    }

    /// <summary>Reads the setting; a value that is no name is left out, and <see cref="FindProblems"/> reports it.</summary>
    public static AllowedHosts Read(IConfiguration configuration) => new([.. ListSetting.Read(configuration, Key).Where(IsName)]);

    /// <summary>Every problem of the setting, beginning with its key.</summary>
    public static IEnumerable<string> FindProblems(IConfiguration configuration)
    {
        if (ListSetting.Read(configuration, Key).Any(static name => !IsName(name)))
        {
            yield return $"{Key}: names without scheme and port, such as drive.example.com, *.example.com, or * for any.";
        }

        if (ListSetting.Read(configuration, FrameworkKey).Any(static name => name != Any))
        {
            yield return $"{FrameworkKey}: would refuse deliveries too; use {Key}.";
        }
    }

    /// <summary>
    /// True when a request may name <paramref name="host"/> (without port). <paramref name="isLocal"/>: it came to a loopback address, or nobody knows to
    /// which; then loopback names are allowed, and without the setting no other. Elsewhere every name is, when the setting is absent.
    /// </summary>
    public bool Allows(string host, bool isLocal)
    {
        var name = host.EndsWith('.') ? host[..^1] : host;
        return _any
            || name.Length == 0
            || IsAddress(name)
            || _names.Contains(name)
            || Array.Exists(_suffixes, suffix => name.EndsWith(suffix, StringComparison.OrdinalIgnoreCase))
            || (isLocal ? IsLoopbackName(name) : !_isSet);
    }

    /// <summary>True for an address, and for a name that browsers take for this machine without asking anybody (RFC 6761).</summary>
    public static bool IsAddressOrLoopback(string host) => IsAddress(host) || IsLoopbackName(host);

    private static bool IsLoopbackName(string name) =>
        name.Equals("localhost", StringComparison.OrdinalIgnoreCase) || name.EndsWith(".localhost", StringComparison.OrdinalIgnoreCase);

    private static bool IsAddress(string name) => IPAddress.TryParse(name, out _);

    private static bool IsName(string text)
    {
        var name = text.StartsWith(Below, StringComparison.Ordinal) ? text[2..] : text;
        return text == Any || (name.Length is > 0 and <= 253 && name.All(static c => char.IsAsciiLetterOrDigit(c) || c is '-' or '.' or '_') && !name.StartsWith('.'));
    }
}
