using System.Globalization;
using Microsoft.Extensions.Configuration;

namespace ClaudeDrive.Hosting;

/// <summary>Reads and checks what is kept how long by workspace. A key that nobody knows is a problem: a misspelled one would delete what is to be kept.</summary>
internal static class WorkspaceRetentionSettings
{
    /// <summary>Workspaces at most. Chosen: they go to the store with every step.</summary>
    public const int MaxWorkspaces = 1000;

    private static readonly TimeSpan Longest = TimeSpan.FromDays(36500);

    /// <summary>Reads the section <c>ClaudeDrive:Retention:Workspaces</c>.</summary>
    public static void Read(IConfigurationSection section, ClaudeDriveOptions options)
    {
        foreach (var workspace in section.GetChildren())
        {
            var retention = new WorkspaceRetention();
            foreach (var setting in workspace.GetChildren())
            {
                if (setting.Key.Equals("Events", StringComparison.OrdinalIgnoreCase))
                {
                    retention.Events = ReadTime(setting, options);
                }
                else if (setting.Key.Equals("DeletedSessions", StringComparison.OrdinalIgnoreCase))
                {
                    retention.DeletedSessions = ReadTime(setting, options);
                }
                else
                {
                    options.Unreadable.Add($"{setting.Path}: is not known; expected Events or DeletedSessions.");
                }
            }

            options.Retention.Workspaces[workspace.Key] = retention;
        }
    }

    /// <summary>Adds what is wrong, each with its key. <paramref name="shortest"/>: as long as repeats must be recognised.</summary>
    public static void Check(RetentionOptions options, TimeSpan shortest, List<string> problems)
    {
        if (options.Workspaces.Count > MaxWorkspaces)
        {
            problems.Add($"ClaudeDrive:Retention:Workspaces: must be at most {MaxWorkspaces}.");
        }

        foreach (var (id, workspace) in options.Workspaces)
        {
            var hour = TimeSpan.FromHours(1);
            CheckTime($"ClaudeDrive:Retention:Workspaces:{id}:Events", workspace.Events, shortest > hour ? shortest : hour, problems);
            CheckTime($"ClaudeDrive:Retention:Workspaces:{id}:DeletedSessions", workspace.DeletedSessions, TimeSpan.Zero, problems);
        }
    }

    private static TimeSpan? ReadTime(IConfigurationSection setting, ClaudeDriveOptions options)
    {
        if (string.Equals(setting.Value, "off", StringComparison.OrdinalIgnoreCase))
        {
            return TimeSpan.MaxValue;
        }

        if (TimeSpan.TryParse(setting.Value, CultureInfo.InvariantCulture, out var time))
        {
            return time;
        }

        options.Unreadable.Add($"{setting.Path}: must be a duration such as 90.00:00:00, or off.");
        return null;
    }

    private static void CheckTime(string key, TimeSpan? time, TimeSpan shortest, List<string> problems)
    {
        if (time is { } value && value != TimeSpan.MaxValue && (value < shortest || value > Longest))
        {
            problems.Add($"{key}: must be off, or between {shortest:c} and {Longest:c}.");
        }
    }
}
