using System.Text.Json.Nodes;
using ClaudeDrive.Simulator.Faults;

namespace ClaudeDrive.Simulator.Control;

/// <summary><c>/_sim/faults</c>: a table from fault name to <c>{rate, count}</c>.</summary>
internal static class FaultControl
{
    /// <summary>The table in force, with the number of hits so far.</summary>
    public static JsonObject Render(SimulatorWorld world)
    {
        var table = new JsonObject();
        foreach (var (name, setting, hits) in world.Faults.Snapshot())
        {
            table[name] = new JsonObject { ["rate"] = setting.Rate, ["count"] = setting.Count, ["hits"] = hits };
        }

        return table;
    }

    /// <summary>Sets the named faults, all or none; a fault that is not named stays as it is.</summary>
    public static ControlAnswer Set(SimulatorWorld world, JsonObject body)
    {
        var settings = new Dictionary<string, FaultSetting>(StringComparer.Ordinal);
        foreach (var (name, node) in body)
        {
            if (!FaultName.All.Contains(name, StringComparer.Ordinal))
            {
                return ControlAnswer.Invalid("fault_unknown", $"unknown fault '{name}'");
            }

            if (node is not JsonObject value || value.Any(pair => pair.Key is not ("rate" or "count" or "hits") || value.Number(pair.Key) is null)
                || (value.Number("count") ?? 0) != Math.Floor(value.Number("count") ?? 0))
            {
                return ControlAnswer.Invalid("fault_value", $"fault '{name}': must be {{\"rate\":0..1}} or {{\"count\":n}}");
            }

            settings[name] = new FaultSetting(value.Number("rate") ?? 0, (int)Math.Clamp(value.Number("count") ?? 0, int.MinValue, int.MaxValue));
        }

        if (FaultTable.Problem(settings) is { } problem)
        {
            return ControlAnswer.Invalid("fault_value", problem);
        }

        world.Faults.Set(settings);
        return ControlAnswer.Ok(Render(world));
    }
}
