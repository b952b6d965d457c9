using System.CommandLine;
using ClaudeDrive.Cli.Api;
using ClaudeDrive.Cli.Output;
using ClaudeDrive.Cli.Running;

namespace ClaudeDrive.Cli.Events;

/// <summary><c>events replay ID</c>: looks at the event's resource again. It never repeats an answer.</summary>
internal static class EventsReplayCommand
{
    public static Command Create(CliContext context)
    {
        var id = Verb.IdArgument("EVENT_ID", "The event, as in events list");
        var json = Verb.JsonOption();
        return new Command("replay", "Hydrate the event's resource again") { id, json }.Runs(context, async run =>
        {
            var eventId = run.Get(id);
            var document = await run.Api.PostAsync(ApiPath.Of("events", eventId, "replay"), "{}", run.Stop);
            if (run.Get(json))
            {
                run.Out.Json(document.Text);
                return ExitCode.Done;
            }

            run.Out.Line("replay of ", new Piece(eventId, Styles.Strong), " is due");
            run.Err.Hint("next", "claudedrive events show " + ShellWord.Quote(eventId));
            return ExitCode.Done;
        });
    }
}
