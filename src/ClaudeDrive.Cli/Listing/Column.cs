using System.Text.Json;
using ClaudeDrive.Cli.Output;

namespace ClaudeDrive.Cli.Listing;

/// <summary>One column of a table.</summary>
/// <param name="Header">Its heading.</param>
/// <param name="Cell">What a row shows in it.</param>
/// <param name="LeaveOut">0: always shown. Otherwise the order in which columns go when the terminal is too narrow: 1 goes last.</param>
internal sealed record Column(string Header, Func<JsonElement, Piece> Cell, int LeaveOut = 0)
{
    /// <summary>Longest text shown, in columns; longer text ends in an ellipsis. Ids have no such limit.</summary>
    public int MaxWidth { get; init; } = int.MaxValue;

    public bool RightAligned { get; init; }

    public static Column Id(string header, string field, int leaveOut = 0)
    {
        return new Column(header, row => row.Text(field) ?? string.Empty, leaveOut);
    }

    public static Column Text(string header, string field, int leaveOut = 0, int maxWidth = 48)
    {
        return new Column(header, row => row.Text(field) ?? string.Empty, leaveOut) { MaxWidth = maxWidth };
    }

    public static Column State(string header, string field, int leaveOut = 0)
    {
        return new Column(header, row => Styles.State(row.Text(field)), leaveOut) { MaxWidth = 32 };
    }

    public static Column Number(string header, string field, int leaveOut = 0)
    {
        return new Column(header, row => row.Text(field) ?? string.Empty, leaveOut) { RightAligned = true };
    }

    /// <summary>How long ago, a column that stays, beside <see cref="Utc"/>, which may go.</summary>
    public static Column Age(string header, DateTimeOffset now, params string[] fields)
    {
        return new Column(header, row => row.Instant(fields) is { } at ? Ages.Relative(at, now) : string.Empty);
    }

    public static Column Utc(string header, int leaveOut, params string[] fields)
    {
        return new Column(header, row => row.Instant(fields) is { } at ? new Piece(Ages.Utc(at), Styles.Faint) : string.Empty, leaveOut);
    }
}
