using System.Globalization;
using ClaudeDrive.Cli.Output;
using Spectre.Console;

namespace ClaudeDrive.Cli.Demo;

/// <summary>
/// Shows the demo as it happens: one line each, with the time since the start. The same lines go to a terminal (coloured)
/// and to a pipe (plain). Safe to call from several threads.
/// </summary>
internal sealed class DemoReporter(Screen screen, TimeProvider time)
{
    private const int MostDifferences = 50;

    private readonly Lock _turn = new();
    private readonly long _start = time.GetTimestamp();

    /// <summary>Says where everything is.</summary>
    public void Started(string serverUrl, string simulatorUrl, string? apiKeyHint, DemoSettings settings)
    {
        lock (_turn)
        {
            screen.Line(new Piece("ClaudeDrive demo", Styles.Strong), FormattableString.Invariant($"  seed {settings.Seed}"));
            new FieldList()
                .Add("server and API", serverUrl)
                .Add("fake Claude API", simulatorUrl)
                .Add("API key", apiKeyHint ?? string.Empty)
                .Write(screen, indent: 2);
            screen.Blank();
        }
    }

    public void Report(DemoHappening happening)
    {
        lock (_turn)
        {
            switch (happening)
            {
                case DemoHappening.SessionCreated it:
                    Line("session", Styles.Strong, $"{it.SessionId} starts", it.Scenario);
                    break;
                case DemoHappening.Delivered it:
                    Line("delivered", Styles.Good, $"{it.EventType}  {it.ResourceId}", it.EventId);
                    break;
                case DemoHappening.Duplicate it:
                    Line("duplicate", Styles.Faint, $"{it.EventType}  known, stored once", FormattableString.Invariant($"{it.EventId}  time {it.Times}"));
                    break;
                case DemoHappening.OutOfOrder it:
                    Line("disorder", Styles.Waiting, $"{it.EventType}  came after one that happened {it.Late.TotalSeconds.ToString("0.0", CultureInfo.InvariantCulture)} s later; the context stays ahead", it.EventId);
                    break;
                case DemoHappening.Rejected it:
                    Line("rejected", Styles.Waiting, "a delivery that was not proven", it.Code);
                    break;
                case DemoHappening.Hydrated it:
                    Line("hydrated", Styles.Moving, FormattableString.Invariant($"{it.ResourceId}  revision {it.Revision}"), it.Triage ?? string.Empty);
                    break;
                case DemoHappening.WaitingForReview it:
                    Line("WAITING", Styles.Waiting, $"{it.SessionId} asks about {it.Tool}", it.ReviewId);
                    screen.Line("           answer it: ", new Piece(it.AnswerCommand, Styles.Strong));
                    break;
                case DemoHappening.Answered it:
                    Line("answered", Styles.Moving, $"{it.ReviewId} by {it.By}", string.Empty);
                    break;
                case DemoHappening.Resumed it:
                    Line("resumed", Styles.Good, $"{it.SessionId} goes on, one answer at Claude", it.ReviewId);
                    break;
                default:
                    throw new ArgumentException("unknown happening", nameof(happening));
            }
        }
    }

    /// <summary>Says what the demo waits for, and how to go on.</summary>
    public void Remind(string sessionId, string tool, string answerCommand)
    {
        lock (_turn)
        {
            screen.Blank();
            screen.Line(new Piece($"{sessionId} waits for you: it asks about {tool}. In a second terminal, in this directory:", Styles.Waiting));
            screen.Blank();
            screen.Line("  ", new Piece(answerCommand, Styles.Strong));
            screen.Blank();
            screen.Line("Then watch it resume here. Ctrl+C ends the demo and removes what it stored.");
            screen.Blank();
        }
    }

    /// <summary>Writes the summary and returns the exit code it means.</summary>
    public int Finish(DemoSummary summary)
    {
        lock (_turn)
        {
            screen.Heading("Summary");
            new FieldList()
                .Add("sessions", Number(summary.Sessions))
                .Add("delivered", Number(summary.Delivered))
                .Add("duplicates", Number(summary.Duplicates))
                .Add("out of order", Number(summary.OutOfOrder))
                .Add("hydrated", Number(summary.Hydrated))
                .Add("reads per webhook", summary.ReadsPerWebhook?.ToString("0.00", CultureInfo.InvariantCulture) ?? "none came")
                .Add("reviewed", Number(summary.Reviewed))
                .Add("resumed", Number(summary.Resumed))
                .Add("agreement", summary.Agrees
                    ? new Piece("yes: the simulator's ledger and ClaudeDrive's contexts are equal", Styles.Good)
                    : new Piece(FormattableString.Invariant($"NO: {summary.Differences.Count} differences"), Styles.Bad))
                .Write(screen, indent: 2);
            foreach (var difference in summary.Differences.Take(MostDifferences))
            {
                screen.Line(new Piece("    - ", Styles.Bad), difference);
            }

            if (summary.Differences.Count > MostDifferences)
            {
                screen.Line(FormattableString.Invariant($"    … and {summary.Differences.Count - MostDifferences} more"));
            }

            return summary.Agrees ? ExitCode.Done : ExitCode.Failed;
        }
    }

    private void Line(string what, Style style, string text, string remark)
    {
        var elapsed = time.GetElapsedTime(_start).TotalSeconds;
        screen.Line(
            new Piece(string.Create(CultureInfo.InvariantCulture, $"{elapsed,6:0.0}s  "), Styles.Faint),
            new Piece(what.PadRight(11), style),
            text,
            new Piece(remark.Length == 0 ? string.Empty : "  " + remark, Styles.Faint));
    }

    private static string Number(int value) => value.ToString("N0", CultureInfo.InvariantCulture);
}
