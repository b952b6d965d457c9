using ClaudeDrive.Simulator.Ids;

namespace ClaudeDrive.Simulator.Faults;

/// <summary>The faults in force. Thread-safe. Whether a rate hits depends on seed, fault and occasion, never on what was asked before.</summary>
internal sealed class FaultTable
{
    private readonly Lock _gate = new();
    private readonly SeededSource _source;
    private readonly Dictionary<string, FaultSetting> _settings = FaultName.All.ToDictionary(name => name, _ => new FaultSetting(), StringComparer.Ordinal);
    private readonly Dictionary<string, long> _hits = FaultName.All.ToDictionary(name => name, _ => 0L, StringComparer.Ordinal);

    /// <summary>Starts with <paramref name="settings"/>; throws <see cref="ArgumentException"/> on an unknown name or a value out of range.</summary>
    public FaultTable(SeededSource source, IReadOnlyDictionary<string, FaultSetting> settings)
    {
        _source = source;
        if (Problem(settings) is { } problem)
        {
            throw new ArgumentException(problem, nameof(settings));
        }

        Set(settings);
    }

    /// <summary>The first thing wrong with <paramref name="settings"/>, or <see langword="null"/>.</summary>
    public static string? Problem(IReadOnlyDictionary<string, FaultSetting> settings)
    {
        foreach (var (name, setting) in settings)
        {
            if (!FaultName.All.Contains(name, StringComparer.Ordinal))
            {
                return $"unknown fault '{name}'";
            }

            if (setting.Rate is not (>= 0 and <= 1) || setting.Count < 0)
            {
                return $"fault '{name}': rate must be 0 to 1 and count 0 or more";
            }
        }

        return null;
    }

    /// <summary>Replaces the named settings and leaves the others.</summary>
    public void Set(IReadOnlyDictionary<string, FaultSetting> settings)
    {
        lock (_gate)
        {
            foreach (var (name, setting) in settings)
            {
                _settings[name] = setting;
            }
        }
    }

    /// <summary>Whether <paramref name="name"/> acts on the occasion named by <paramref name="key"/> and <paramref name="ordinal"/>.</summary>
    public bool Hits(string name, string key, long ordinal = 0)
    {
        lock (_gate)
        {
            var setting = _settings[name];
            if (setting.Count > 0)
            {
                _settings[name] = setting with { Count = setting.Count - 1 };
            }
            else if (setting.Rate <= 0 || _source.Draw("fault:" + name, key, ordinal) >= setting.Rate)
            {
                return false;
            }

            _hits[name]++;
            return true;
        }
    }

    /// <summary>Settings and number of hits so far, by name.</summary>
    public IReadOnlyList<(string Name, FaultSetting Setting, long Hits)> Snapshot()
    {
        lock (_gate)
        {
            return [.. FaultName.All.Select(name => (name, _settings[name], _hits[name]))];
        }
    }
}
