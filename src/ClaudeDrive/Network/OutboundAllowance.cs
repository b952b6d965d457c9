using System.Net;

namespace ClaudeDrive.Network;

/// <summary>
/// What the operator allows beyond the open internet: addresses and ranges, and hosts (<c>name</c>, <c>*.name</c>) that are trusted wherever they lead.
/// A host that is named, or an address that is in a range, may also be called by http and at any port. Pure; never changes.
/// </summary>
internal sealed class OutboundAllowance
{
    private const string Below = "*.";

    private readonly AddressRanges _ranges;
    private readonly HashSet<string> _names;
    private readonly string[] _suffixes;

    private OutboundAllowance(IEnumerable<IPNetwork> ranges, IReadOnlyList<string> names)
    {
        _ranges = AddressRanges.Of(ranges);
        _names = new HashSet<string>(names.Where(static name => !name.StartsWith(Below, StringComparison.Ordinal)), StringComparer.OrdinalIgnoreCase);
        _suffixes = [.. names.Where(static name => name.StartsWith(Below, StringComparison.Ordinal)).Select(static name => name[1..])];
    }

    /// <summary>Nothing.</summary>
    public static OutboundAllowance None { get; } = new([], []);

    /// <summary>Reads entries; the second value holds those that are neither a range nor a host, and are left out.</summary>
    public static (OutboundAllowance Allowance, IReadOnlyList<string> Unreadable) Read(IEnumerable<string> entries)
    {
        List<IPNetwork> ranges = [];
        List<string> names = [], unreadable = [];
        foreach (var entry in entries)
        {
            if (AddressRanges.TryRead(entry, out var network))
            {
                ranges.Add(network);
            }
            else if (IsName(entry))
            {
                names.Add(entry.TrimEnd('.'));
            }
            else
            {
                unreadable.Add(entry);
            }
        }

        return (new OutboundAllowance(ranges, names), unreadable);
    }

    /// <summary>True when the host is named.</summary>
    public bool AllowsHost(string host)
    {
        var name = host.TrimEnd('.');
        return _names.Contains(name) || Array.Exists(_suffixes, suffix => name.EndsWith(suffix, StringComparison.OrdinalIgnoreCase));
    }

    /// <summary>True when the address is in a range.</summary>
    public bool AllowsAddress(IPAddress address) => _ranges.Contains(address);

    private static bool IsName(string entry)
    {
        var name = entry.StartsWith(Below, StringComparison.Ordinal) ? entry[2..] : entry;
        return Uri.CheckHostName(name) == UriHostNameType.Dns && !OutboundUrl.EndsInNumber(name);
    }
}
