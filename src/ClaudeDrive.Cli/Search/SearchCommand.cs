using System.CommandLine;
using ClaudeDrive.Cli.Api;
using ClaudeDrive.Cli.Listing;
using ClaudeDrive.Cli.Output;
using ClaudeDrive.Cli.Running;

namespace ClaudeDrive.Cli.Search;

/// <summary><c>search WORDS</c></summary>
internal static class SearchCommand
{
    public static Command Create(CliContext context)
    {
        var words = new Argument<string[]>("WORD")
        {
            Description = "Words that must all occur; * behind a word: words that begin so",
            Arity = ArgumentArity.OneOrMore,
        };
        var limit = Checked.OptionalNumber("--limit", "Rows of one page, 1 to 200 (default 50)", 1, 200);
        var cursor = new Option<string?>("--cursor") { Description = "Start of the next page, as the last one named it", HelpName = "CURSOR" };
        var json = Verb.JsonOption();
        return new Command("search", "Find words in titles, metadata and transcripts") { words, limit, cursor, json }.Runs(context, async run =>
        {
            List<KeyValuePair<string, string>> query = [new("q", string.Join(' ', run.Get(words)))];
            if (run.Get(limit) is { } rows)
            {
                query.Add(new("limit", rows.ToString(System.Globalization.CultureInfo.InvariantCulture)));
            }

            if (run.Get(cursor) is { } from)
            {
                query.Add(new("cursor", from));
            }

            var document = await run.Api.GetAsync(ApiPath.WithQuery(ApiPath.Of("search"), query), run.Stop);
            if (run.Get(json))
            {
                run.Out.Json(document.Text);
                return ExitCode.Done;
            }

            Show(run, document, run.Get(words));
            return ExitCode.Done;
        });
    }

    private static void Show(CliRun run, ApiDocument document, string[] words)
    {
        var hits = document.Root.Items("data");
        if (hits.Count == 0)
        {
            run.Err.Line("nothing found");
            run.Err.Hint("next", "fewer words, or the beginning of one with * behind it");
            return;
        }

        RowTable.Write(
            run.Out,
            [
                Column.Id("RESOURCE", "resource_id"),
                Column.Text("KIND", "kind", leaveOut: 2),
                Column.Id("EVENT", "event_id", leaveOut: 3),
                Column.Text("TEXT", "snippet", maxWidth: 100),
                Column.Age("AT", run.Now, "at"),
                Column.Text("TITLE", "title", leaveOut: 1, maxWidth: 30),
            ],
            hits);
        run.Err.Line(new Piece(FormattableString.Invariant($"{hits.Count} of {document.Root.Number("total") ?? hits.Count} found"), Styles.Faint));
        if (document.Root.Text("next_cursor") is { Length: > 0 } next)
        {
            run.Err.Hint("next page", $"claudedrive search {string.Join(' ', words.Select(ShellWord.Quote))} --cursor {ShellWord.Quote(next)}");
        }
    }
}
