using Spectre.Console;

namespace ClaudeDrive.Cli.Output;

/// <summary>The few styles in use, and which state is shown in which.</summary>
internal static class Styles
{
    public static Style Plain { get; } = Style.Plain;

    public static Style Faint { get; } = new(Color.Grey);

    public static Style Strong { get; } = new(decoration: Decoration.Bold);

    public static Style Good { get; } = new(Color.Green);

    public static Style Waiting { get; } = new(Color.Yellow);

    public static Style Bad { get; } = new(Color.Red);

    public static Style Moving { get; } = new(Color.Blue);

    public static Piece State(string? state)
    {
        return new Piece(state ?? string.Empty, OfState(state));
    }

    private static Style OfState(string? state)
    {
        return state?.ToLowerInvariant() switch
        {
            "applied" or "accepted" or "resumed" or "healthy" or "ok" or "finished" or "sent" or "delivered" => Good,
            "pending" or "open" or "needs_answer" or "needs_permission" or "requires_action" or "degraded" or "verifying"
                or "out_of_budget" or "spooled" => Waiting,
            "dead" or "rejected" or "unavailable" or "gave_up" or "refused" or "unhealthy" or "terminated" or "failed"
                or "expired" => Bad,
            "claimed" or "answered" or "sending" or "running" or "rescheduling" => Moving,
            "superseded" or "covered" or "discarded" or "duplicate" or "cancelled" or "closed_elsewhere" or "archived"
                or "deleted" => Faint,
            _ => Plain,
        };
    }
}
