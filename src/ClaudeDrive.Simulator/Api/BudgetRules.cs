using System.Globalization;
using System.Text.Json.Nodes;

namespace ClaudeDrive.Simulator.Api;

/// <summary>Spending caps on the wire. Pure.</summary>
internal static class BudgetRules
{
    /// <summary>Reads a cap in minor units of USD; JSON null means none. <see langword="false"/> when it is malformed.</summary>
    public static bool TryRead(JsonNode? node, out long? minorUnits)
    {
        minorUnits = null;
        if (node is null)
        {
            return true;
        }

        if (node is not JsonObject budget || budget.Text("type") != "limit" || budget["max_list_cost"] is not JsonObject cost || cost.Text("currency") != "USD"
            || !long.TryParse(cost.Text("amount"), NumberStyles.None, CultureInfo.InvariantCulture, out var amount) || amount <= 0)
        {
            return false;
        }

        minorUnits = amount;
        return true;
    }
}
