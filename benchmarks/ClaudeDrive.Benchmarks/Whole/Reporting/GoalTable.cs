using System.Globalization;
using System.Text;

namespace ClaudeDrive.Benchmarks.Whole.Reporting;

/// <summary>The one table that a run ends with.</summary>
internal static class GoalTable
{
    public static string Write(IEnumerable<Goal> goals)
    {
        var text = new StringBuilder().AppendLine("| figure | store | measured | goal | |").AppendLine("|---|---|---|---|---|");
        foreach (var goal in goals)
        {
            var verdict = goal.IsMet switch { true => "met", false => "**missed**", null => "not measured" };
            var (value, limit) = (Amount(goal.Value, goal.Unit), Amount(goal.Limit, goal.Unit));
            text.AppendLine(
                CultureInfo.InvariantCulture, $"| {goal.Figure} | {goal.Store} | {value} | {(goal.AtLeast ? "≥" : "≤")} {limit} | {verdict} |");
        }

        return text.ToString();
    }

    private static string Amount(double? value, string unit)
    {
        if (value is not { } number)
        {
            return "–";
        }

        var format = unit is "B" || Math.Abs(number) >= 100 ? "N0" : "0.##";
        return $"{number.ToString(format, CultureInfo.InvariantCulture)} {unit}".TrimEnd();
    }
}
