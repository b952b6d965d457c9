using ClaudeDrive.Simulator;
using ClaudeDrive.Simulator.Faults;

namespace ClaudeDrive.Chaos.Load;

/// <summary>The simulator's faults that act all along, beneath the schedule; and none of them, to settle.</summary>
internal static class EverydayFaults
{
    /// <summary>Rates chosen so that every fault acts often and most deliveries still arrive at their first try.</summary>
    public static IReadOnlyDictionary<string, FaultSetting> On { get; } = new Dictionary<string, FaultSetting>(StringComparer.Ordinal)
    {
        [FaultName.Duplicate] = new(Rate: 0.2),
        [FaultName.Reorder] = new(Rate: 0.2),
        [FaultName.Drop] = new(Rate: 0.05),
        [FaultName.Delay] = new(Rate: 0.1),
        [FaultName.StaleTimestamp] = new(Rate: 0.03),
        [FaultName.WrongSecret] = new(Rate: 0.03),
        [FaultName.TwoSignatures] = new(Rate: 0.2),
        [FaultName.UnknownType] = new(Rate: 0.05),
        [FaultName.StatusLag] = new(Rate: 0.2),
        [FaultName.Api429] = new(Rate: 0.02),
        [FaultName.Api500] = new(Rate: 0.02),
        [FaultName.Api529] = new(Rate: 0.02),
        [FaultName.ApiTimeout] = new(Rate: 0.005),
        [FaultName.DropResponseAfterCommit] = new(Rate: 0.1),
    };

    /// <summary>Every fault off.</summary>
    public static IReadOnlyDictionary<string, FaultSetting> Off { get; } = FaultName.All.ToDictionary(static name => name, static _ => new FaultSetting(), StringComparer.Ordinal);
}
