using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using ClaudeDrive.Cli.Api;
using ClaudeDrive.Cli.Listing;
using ClaudeDrive.Cli.Output;
using ClaudeDrive.Cli.Running;

namespace ClaudeDrive.Cli.Sessions;

/// <summary><c>sessions history ID [--revision N]</c>: every state the session's context was in, with its cause.</summary>
internal static class SessionsHistoryCommand
{
    public static Command Create(CliContext context)
    {
        var id = SessionsShowCommand.SessionId();
        var json = Verb.JsonOption();
        var revision = RevisionOption("--revision", "Show this revision whole");
        return new Command("history", "List a session's revisions with their causes, or show one whole") { id, revision, json }.Runs(
            context,
            async run =>
            {
                var number = run.Get(revision);
                var path = number is { } n
                    ? ApiPath.Of("sessions", run.Get(id), "revisions", n.ToString(CultureInfo.InvariantCulture))
                    : ApiPath.Of("sessions", run.Get(id), "revisions");
                var document = await run.Api.GetAsync(path, run.Stop);
                if (run.Get(json))
                {
                    run.Out.Json(document.Text);
                }
                else if (number is not null)
                {
                    ShowOne(run, document.Root);
                }
                else
                {
                    ShowAll(run, document.Root, run.Get(id));
                }

                return ExitCode.Done;
            });
    }

    public static Option<int?> RevisionOption(string name, string description)
    {
        return Checked.OptionalNumber(name, description, 1, int.MaxValue);
    }

    private static void ShowAll(CliRun run, JsonElement root, string session)
    {
        var rows = root.ValueKind == JsonValueKind.Array ? [.. root.EnumerateArray()] : root.Items("data", "revisions");
        if (rows.Count == 0)
        {
            run.Err.Line("no revision yet: the session has not been hydrated");
            run.Err.Hint("next", "claudedrive events list --session " + ShellWord.Quote(session));
            return;
        }

        RowTable.Write(
            run.Out,
            [
                new Column("REV", row => row.Text("revision", "number", "n") ?? string.Empty) { RightAligned = true },
                new Column("STATUS", row => Styles.State(row.Text("status")), LeaveOut: 1),
                new Column("TRIAGE", row => Styles.State(row.Text("triage")), LeaveOut: 1),
                new Column("AS OF (UTC)", row => row.Instant("as_of", "updated_at") is { } at ? Ages.Utc(at) : string.Empty, LeaveOut: 4),
                new Column("FETCHED", row => row.Instant("hydrated_at", "fetched_at", "created_at") is { } at
                    ? Ages.Relative(at, run.Now)
                    : string.Empty),
                new Column("CAUSE", row => Causes(row)),
                new Column("REQUEST", row => row.Text("request_id", "api_request_id") ?? string.Empty, LeaveOut: 3),
                new Column("HASH", row => row.Text("hash", "snapshot_hash") ?? string.Empty, LeaveOut: 5) { MaxWidth = 17 },
            ],
            rows);
        run.Err.Hint("next", $"claudedrive sessions diff {ShellWord.Quote(session)} --from N --to N");
    }

    private static void ShowOne(CliRun run, JsonElement root)
    {
        var list = new FieldList();
        foreach (var field in root.ValueKind == JsonValueKind.Object ? root.EnumerateObject().ToArray() : [])
        {
            if (field.Value.ValueKind is not (JsonValueKind.Object or JsonValueKind.Array))
            {
                list.Add(field.Name.Replace('_', ' '), field.Value.Plain());
            }
        }

        list.Write(run.Out);
        if (root.Child("snapshot", "resource", "state") is { ValueKind: JsonValueKind.Object } snapshot)
        {
            run.Out.Heading("Session as fetched");
            run.Out.Verbatim(snapshot.Pretty(), indent: 2);
        }
    }

    private static string Causes(JsonElement row)
    {
        var events = row.Items("causes", "event_ids", "events", "caused_by");
        return events.Count > 0
            ? string.Join(", ", events.Select(cause => cause.Text("event_id", "id") ?? cause.Plain()))
            : row.Text("cause", "event_id", "caused_by") ?? string.Empty;
    }
}
