using System.Text.RegularExpressions;

namespace ClaudeDrive.Tests;

/// <summary>Who may use whom: judges the <c>using</c> lines and the qualified names of a source file.</summary>
internal static partial class DependencyRules
{
    /// <summary>The chain; a stage may use itself and those before it.</summary>
    private static readonly string[] Stages = ["Ingest", "Inbox", "Hydration", "Contexts", "Review", "Destinations"];

    /// <summary>Under every stage: any may use them. What one of them may use of the others stands in <see cref="GroundUses"/>, in the same order.</summary>
    private static readonly string[] Grounds = ["Diagnostics", "Nodes", "Network", "Access", "Audit"];

    private static readonly string[][] GroundUses = [[], ["Diagnostics"], ["Diagnostics"], ["Diagnostics"], ["Diagnostics", "Access"]];

    /// <summary>May use every stage, and no stage uses them.</summary>
    private static readonly string[] Roofs = ["Storage", "Hosting"];

    private static readonly string[] Stores = ["Sqlite", "PostgreSql"];

    /// <summary>Forbidden edges of one file, as text; <paramref name="path"/> is relative to <c>src</c>, with slashes.</summary>
    public static IEnumerable<string> Violations(string path, string source)
    {
        var parts = path.Split('/');
        var project = parts[0];
        var folder = project == "ClaudeDrive" && parts.Length > 2 ? parts[1] : "";
        foreach (var name in Names(source).Distinct(StringComparer.Ordinal))
        {
            if (!IsAllowed(project, folder, name))
            {
                yield return $"{path} uses {name}";
            }
        }
    }

    private static bool IsAllowed(string project, string folder, string name)
    {
        var target = name.Split('.')[1];
        return project switch
        {
            "ClaudeDrive.Simulator" => target == "Simulator",
            "ClaudeDrive.Sqlite" or "ClaudeDrive.PostgreSql" => !Stores.Contains(target) || project.EndsWith(target, StringComparison.Ordinal),
            "ClaudeDrive" => IsAllowedInside(folder, target),
            _ => true,
        };
    }

    private static bool IsAllowedInside(string folder, string target)
    {
        if (target == folder || Roofs.Contains(folder))
        {
            return true;
        }

        int own = Array.IndexOf(Grounds, folder), ground = Array.IndexOf(Grounds, target);
        if (ground >= 0)
        {
            return own < 0 || GroundUses[own].Contains(target);
        }

        int from = Array.IndexOf(Stages, folder), to = Array.IndexOf(Stages, target);
        return from >= 0 && to >= 0 && to < from;
    }

    private static IEnumerable<string> Names(string source)
    {
        foreach (Match match in UsingLine().Matches(source))
        {
            yield return match.Groups["name"].Value;
        }

        // A name may be reached without a using line: Storage.IDriveStore inside namespace ClaudeDrive.Inbox. Comments count: they are links too.
        foreach (Match match in Qualified().Matches(source))
        {
            yield return $"ClaudeDrive.{match.Groups["folder"].Value}";
        }
    }

    [GeneratedRegex(@"^\s*(?:global\s+)?using\s+(?:static\s+)?(?:\w+\s*=\s*)?(?:global::)?(?<name>ClaudeDrive\.[\w.]+)\s*;", RegexOptions.Multiline | RegexOptions.ExplicitCapture)]
    private static partial Regex UsingLine();

    [GeneratedRegex(@"(?<![\w.""/])(?:ClaudeDrive\.)?(?<folder>Ingest|Inbox|Hydration|Contexts|Review|Destinations|Storage|Hosting|Nodes|Network|Access|Audit)\.[A-Z]\w*", RegexOptions.ExplicitCapture)]
    private static partial Regex Qualified();
}
