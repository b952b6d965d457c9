using ClaudeDrive.Cli.Output;
using ClaudeDrive.Simulator;

namespace ClaudeDrive.Cli.Simulating;

/// <summary>One line for each thing that happens in the simulated world. Safe to call from several threads.</summary>
internal sealed class SimulatePrinter(Screen screen) : IProgress<SimulatorEvent>
{
    private readonly Lock _turn = new();

    /// <inheritdoc />
    public void Report(SimulatorEvent value)
    {
        lock (_turn)
        {
            screen.Line(
                new Piece(FormattableString.Invariant($"{value.At:HH:mm:ss.fff}  "), Styles.Faint),
                new Piece(value.Kind.Replace('_', ' ').PadRight(18), value.Kind is "delivery_attempt" && value.Status is not (>= 200 and < 300) ? Styles.Bad : Styles.Strong),
                string.Join("  ", new[] { value.SessionId, value.Name, value.EventId }.OfType<string>()),
                new Piece(FormattableString.Invariant($"  {value.Status} {value.Detail}"), Styles.Faint));
        }
    }
}
