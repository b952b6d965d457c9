using System.Globalization;
using System.Text.Json;
using ClaudeDrive.Cli.Output;
using ClaudeDrive.Cli.Running;

namespace ClaudeDrive.Cli.Status;

/// <summary>The server's state for people. Numbers a server does not give are left out.</summary>
internal static class StatusView
{
    public static void WriteHealth(CliRun run, JsonElement ready, bool isReady)
    {
        run.Out.Line(
            new Piece(run.Api.Address.ToString(), Styles.Strong),
            "  ",
            isReady ? new Piece("ready", Styles.Good) : new Piece("NOT READY", Styles.Bad));
        var list = new FieldList();
        foreach (var (name, check) in Checks(ready))
        {
            var state = check.ValueKind == JsonValueKind.Object ? check.Text("status", "state", "result") : check.Plain();
            var remark = check.Text("description", "message", "detail", "error");
            list.Add(name, new Piece((state + (remark is null ? string.Empty : ": " + remark)).ToString(), Styles.State(state).Style));
        }

        list.Write(run.Out, indent: 2);
    }

    public static void WriteMe(CliRun run, JsonElement me)
    {
        run.Out.Heading("You");
        new FieldList()
            .Add("name", me, "name", "subject", "key_id")
            .Add("role", me, "role")
            .Add("grants", me.Items("grants") is { Count: > 0 } grants ? string.Join("; ", grants.Select(Grant)) : string.Empty)
            .Write(run.Out, indent: 2);
    }

    public static void WriteStats(CliRun run, JsonElement stats)
    {
        var window = stats.Number("window_seconds") is { } seconds ? $" (last {Ages.Span(TimeSpan.FromSeconds(seconds))})" : string.Empty;
        run.Out.Heading("Numbers" + window);
        new FieldList()
            .Add("events", Counts(stats.Child("events"), "total", "pending", "applied", "superseded", "covered", "discarded"))
            .Add("dead letters", Alarming(stats.Child("events")?.Number("dead")))
            .Add("deliveries", Counts(stats.Child("deliveries"), "accepted", "duplicate", "spooled", "rejected", "unavailable"))
            .Add("spool", Spool(stats.Child("spool")))
            .Add("retention", Retention(stats.Child("retention"), run.Now))
            .Add("due resources", Due(stats.Child("work")))
            .Add("API reads", stats.Child("api")?.Number("reads")?.ToString("N0", CultureInfo.InvariantCulture) ?? string.Empty)
            .Add("reads per webhook", new Piece(ReadsPerWebhook(stats.Child("api")), Styles.Strong))
            .Add("contexts", Counts(stats.Child("contexts"), "sessions", "resources", "revisions"))
            .Add("reviews open", Open(stats.Child("reviews")))
            .Add("reviews", Counts(
                stats.Child("reviews"), "claimed", "answered", "sending", "verifying", "resumed", "closed_elsewhere", "cancelled", "expired"))
            .Write(run.Out, indent: 2);
        Advise(run, stats);
    }

    private static void Advise(CliRun run, JsonElement stats)
    {
        if (stats.Child("reviews")?.Number("open") is > 0)
        {
            run.Err.Hint("next", "claudedrive reviews list --state open");
        }

        if (stats.Child("events")?.Number("dead") is > 0)
        {
            run.Err.Hint("next", "claudedrive dead-letters list");
        }
    }

    /// <summary>Checks as an object of names, a list of objects with a name, or none.</summary>
    private static IEnumerable<(string Name, JsonElement Check)> Checks(JsonElement ready)
    {
        return ready.Child("checks", "entries", "results") switch
        {
            { ValueKind: JsonValueKind.Object } named => named.EnumerateObject().Select(check => (check.Name, check.Value)),
            { ValueKind: JsonValueKind.Array } list => list.EnumerateArray().Select(check => (check.Text("name", "check") ?? "check", check)),
            _ => [],
        };
    }

    private static string Grant(JsonElement grant)
    {
        if (grant.ValueKind != JsonValueKind.Object)
        {
            return grant.Plain();
        }

        var scope = grant.EnumerateObject().Where(field => field.Name != "role" && !field.Value.IsEmpty())
            .Select(field => $"{field.Name} {field.Value.Plain()}").ToList();
        return $"{grant.Text("role")} of {(scope.Count == 0 ? "everything" : string.Join(", ", scope))}";
    }

    private static string Counts(JsonElement? group, params string[] names)
    {
        if (group is not { ValueKind: JsonValueKind.Object } counts)
        {
            return string.Empty;
        }

        var known = names.Where(name => counts.Number(name) is not null).ToList();
        var some = known.Where(name => counts.Number(name) != 0).ToList();
        return string.Join("  ", (some.Count > 0 ? some : known.Take(1)).Select(name => Count(counts, name)));
    }

    private static string Count(JsonElement counts, string name)
    {
        return counts.Number(name) is { } n
            ? string.Create(CultureInfo.InvariantCulture, $"{n:N0} {name.Replace('_', ' ')}")
            : string.Empty;
    }

    private static Piece Alarming(long? count)
    {
        return count is { } n
            ? new Piece(n.ToString("N0", CultureInfo.InvariantCulture), n == 0 ? Styles.Good : Styles.Bad)
            : string.Empty;
    }

    private static Piece Open(JsonElement? reviews)
    {
        return reviews?.Number("open") is { } n
            ? new Piece(n.ToString("N0", CultureInfo.InvariantCulture), n == 0 ? Styles.Plain : Styles.Waiting)
            : string.Empty;
    }

    private static string Due(JsonElement? work)
    {
        if (work is not { } given || given.Number("due") is not { } due)
        {
            return string.Empty;
        }

        var leased = given.Number("leased") is > 0 and var n ? string.Create(CultureInfo.InvariantCulture, $"  {n:N0} leased") : string.Empty;
        var oldest = given.Number("oldest_due_seconds") is { } seconds ? $"  oldest {Ages.Span(TimeSpan.FromSeconds(seconds))}" : string.Empty;
        return due.ToString("N0", CultureInfo.InvariantCulture) + leased + oldest;
    }

    private static string Retention(JsonElement? retention, DateTimeOffset now)
    {
        if (retention is not { ValueKind: JsonValueKind.Object } given)
        {
            return string.Empty;
        }

        var last = given.Child("last_pass");
        var pass = last is { ValueKind: JsonValueKind.Object } done && done.Text("finished_at") is { } at && DateTimeOffset.TryParse(at, CultureInfo.InvariantCulture, out var instant)
            ? string.Create(CultureInfo.InvariantCulture, $"  last pass {Ages.Span(now - instant)} ago deleted {done.Number("events"):N0} events, {done.Number("deliveries"):N0} deliveries")
            : string.Empty;
        return $"events {Kept("events_seconds")}, deliveries {Kept("deliveries_seconds")}{pass}";

        string Kept(string name) => given.Number(name) is { } seconds ? "kept " + Ages.Span(TimeSpan.FromSeconds(seconds)) : "kept for ever";
    }

    private static Piece Spool(JsonElement? spool)
    {
        if (spool is not { } given || given.Number("records") is not { } records)
        {
            return string.Empty;
        }

        var bytes = given.Number("bytes") is > 0 and var n ? string.Create(CultureInfo.InvariantCulture, $"  {n:N0} bytes") : string.Empty;
        var oldest = given.Number("oldest_seconds") is { } seconds ? $"  oldest {Ages.Span(TimeSpan.FromSeconds(seconds))}" : string.Empty;
        return new Piece(string.Create(CultureInfo.InvariantCulture, $"{records:N0} waiting{bytes}{oldest}"), records == 0 ? Styles.Plain : Styles.Waiting);
    }

    private static string ReadsPerWebhook(JsonElement? api)
    {
        return api?.Child("reads_per_webhook") is { ValueKind: JsonValueKind.Number } ratio && ratio.TryGetDouble(out var value)
            ? value.ToString("0.00", CultureInfo.InvariantCulture)
            : string.Empty;
    }
}
