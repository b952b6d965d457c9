using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using ClaudeDrive.Cli.Api;
using ClaudeDrive.Cli.Output;
using ClaudeDrive.Cli.Running;

namespace ClaudeDrive.Cli.Listing;

/// <summary>What all <c>list</c> verbs have in common: filters, pages, one JSON document or a table.</summary>
internal sealed class ListVerb
{
    private const int LargestPage = 200;

    private readonly Option<int?> _limit = Checked.OptionalNumber("--limit", "Rows of one page, 1 to 200 (default 50)", 1, LargestPage);

    private readonly Option<string?> _cursor = new("--cursor") { Description = "Start of the next page, as the last one named it", HelpName = "CURSOR" };

    private readonly Option<bool> _all = new("--all") { Description = "All pages" };

    private readonly Option<bool> _json = Verb.JsonOption();

    /// <summary>As typed after the program's name, such as <c>events list</c>.</summary>
    public required string Words { get; init; }

    public required string Description { get; init; }

    /// <summary>What the rows are called, such as <c>events</c>.</summary>
    public required string Noun { get; init; }

    /// <summary>Path of the list in the API.</summary>
    public required string Path { get; init; }

    public IReadOnlyList<Filter> Filters { get; init; } = [];

    /// <summary>The table's columns, given the present time.</summary>
    public required Func<DateTimeOffset, IReadOnlyList<Column>> Columns { get; init; }

    /// <summary>The next step when there are none at all.</summary>
    public required string WhenEmpty { get; init; }

    /// <summary>The command that shows one row, offered below the table; null when there is none.</summary>
    public string? ShowOne { get; init; }

    public Command Create(CliContext context)
    {
        var command = new Command(Words.Split(' ')[^1], Description);
        foreach (var filter in Filters)
        {
            command.Options.Add(filter.Option);
        }

        command.Validators.Add(result =>
        {
            if (result.GetResult(_all) is { Implicit: false } && result.GetResult(_cursor) is not null)
            {
                result.AddError("--all and --cursor exclude each other.");
            }
        });
        command.Options.Add(_limit);
        command.Options.Add(_cursor);
        command.Options.Add(_all);
        command.Options.Add(_json);
        return command.Runs(context, RunAsync);
    }

    private async Task<int> RunAsync(CliRun run)
    {
        var filters = Query(run);
        var query = new List<KeyValuePair<string, string>>(filters);
        var all = run.Get(_all);
        if ((run.Get(_limit) ?? (all ? LargestPage : null)) is { } limit)
        {
            query.Add(new("limit", limit.ToString(CultureInfo.InvariantCulture)));
        }

        if (run.Get(_cursor) is { } cursor)
        {
            query.Add(new("cursor", cursor));
        }

        var document = all
            ? await ListPages.ReadAllAsync(run.Api, Path, query, run.Stop)
            : await run.Api.GetAsync(ApiPath.WithQuery(Path, query), run.Stop);
        if (run.Get(_json))
        {
            run.Out.Json(document.Text);
            return ExitCode.Done;
        }

        Show(run, document.Root, filters.Count > 0);
        return ExitCode.Done;
    }

    private List<KeyValuePair<string, string>> Query(CliRun run)
    {
        var query = Filters.Select(filter => filter.Value(run)).OfType<KeyValuePair<string, string>>().ToList();
        var from = query.Find(pair => pair.Key == "from").Value;
        var to = query.Find(pair => pair.Key == "to").Value;
        return from is not null && to is not null && InstantText.Read(from, run.Now) > InstantText.Read(to, run.Now)
            ? throw CliException.Usage("--from is later than --to")
            : query;
    }

    private void Show(CliRun run, JsonElement root, bool filtered)
    {
        var rows = root.Items("data");
        if (rows.Count == 0)
        {
            run.Err.Line(filtered ? $"no {Noun} match" : $"no {Noun} yet");
            run.Err.Hint("next", filtered ? $"leave out a filter: claudedrive {Words}" : WhenEmpty);
            return;
        }

        RowTable.Write(run.Out, Columns(run.Now), rows);
        run.Err.Line(new Piece(
            FormattableString.Invariant($"{rows.Count} of {ListTotal.Of(root) ?? $"{rows.Count}"} {Noun}"), Styles.Faint));
        if (root.Text("next_cursor") is { Length: > 0 } next)
        {
            run.Err.Hint("next page", NextPage(run, next));
        }
        else if (ShowOne is not null)
        {
            run.Err.Hint("to see one", "claudedrive " + ShowOne);
        }
    }

    /// <summary>The same command with the next cursor. The API key is left out on purpose.</summary>
    private string NextPage(CliRun run, string cursor)
    {
        var options = Filters.Select(filter => (filter.Option.Name, Value: filter.Value(run)?.Value))
            .Append(("--limit", run.Get(_limit)?.ToString(CultureInfo.InvariantCulture)))
            .Append(("--server", run.Get(run.Context.ServerOption)))
            .Append(("--cursor", cursor))
            .Where(option => option.Item2 is not null)
            .Select(option => $" {option.Item1} {ShellWord.Quote(option.Item2!)}");
        return $"claudedrive {Words}{string.Concat(options)}";
    }
}
