using System.Globalization;
using System.Text.Json;
using ClaudeDrive.Chaos.Running;
using ClaudeDrive.Chaos.Schedules;

namespace ClaudeDrive.Chaos.Reporting;

/// <summary>Saves what a person needs to look into a breach, before the run's own directory goes.</summary>
internal static class KeptRun
{
    /// <summary>Copies logs, schedule, ledger and breaches into a directory of their own, and returns it.</summary>
    public static string Keep(ChaosWorld world, IReadOnlyList<ChaosAction> schedule, JsonElement ledger, IReadOnlyList<string> breaches)
    {
        var folder = Directory.CreateTempSubdirectory(string.Create(CultureInfo.InvariantCulture, $"claudedrive-chaos-seed{world.Options.Seed}-")).FullName;
        foreach (var node in world.Nodes)
        {
            File.Copy(node.Parts.Log.Path, Path.Combine(folder, Path.GetFileName(node.Parts.Log.Path)));
        }

        if (world.Database is { } database)
        {
            File.Copy(database.LogPath, Path.Combine(folder, "postgresql.log"));
        }

        File.WriteAllLines(Path.Combine(folder, "schedule.txt"), schedule.Select(static action => action.ToString()));
        File.WriteAllLines(Path.Combine(folder, "breaches.txt"), breaches);
        File.WriteAllText(Path.Combine(folder, "ledger.json"), ledger.GetRawText());
        return folder;
    }
}
