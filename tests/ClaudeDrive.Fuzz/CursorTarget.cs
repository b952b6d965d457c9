using System.Text;
using ClaudeDrive.AspNetCore.Http;
using ClaudeDrive.AspNetCore.Stream;
using ClaudeDrive.Inbox;
using Microsoft.AspNetCore.Http;

namespace ClaudeDrive.Fuzz;

/// <summary>Cursors, positions of the live stream, instants and query strings: whatever is read must be what we would write.</summary>
internal sealed class CursorTarget : IFuzzTarget
{
    private const string List = "events";

    public string Name => "cursor";

    public IReadOnlyList<byte[]> Tokens { get; } = Payloads.Texts(
        "&", "=", "?", "%00", "%ff", "%ef%bf%bd", "+", "cursor=", "limit=", "type=", "state=", "from=", "to=", "q=", "pending", "2026-03-18T14:05:22.5Z", "200", "-1", "e1.c2.r3");

    public IEnumerable<byte[]> Seeds()
    {
        var one = PageCursor.Write(List, 1);
        return Payloads.Texts(
        [
            one, PageCursor.Write(List, 1, long.MaxValue), PageCursor.Write(List, 1, 2, 3), PageCursor.Write(List, long.MinValue, 0, -1, 9), "e1.c2.r3",
            "e9223372036854775807.c0.r0", "2026-03-18T14:05:22.5Z", "2026-03-18T14:05:22+02:00", $"limit=200&cursor={one}",
            "limit=50&type=session.status_idled&state=pending&from=2026-03-18T14:05:22Z&to=2026-03-19T00:00:00Z&q=a%20b", "limit=&cursor=&type=",
            $"cursor={PageCursor.Write(List + "\ntype=x", 7)}&type=x",
        ]);
    }

    public void Run(ReadOnlySpan<byte> input)
    {
        var text = Encoding.UTF8.GetString(input);
        for (var count = 1; count <= 4; count++)
        {
            if (PageCursor.Read(List, text, count) is { } positions)
            {
                FindingException.Unless(positions.Length == count && PageCursor.Write(List, positions) == text, "a cursor that we would write otherwise");
            }
        }

        if (StreamPosition.Find(text) is { } position)
        {
            FindingException.Unless(position is { Events: >= 0, Contexts: >= 0, Reviews: >= 0 }, "a position before the beginning");
            FindingException.Unless(StreamPosition.Find(position.ToString()) == position, "a position that changes when it is written");
        }

        if (InstantText.Find(text) is { } instant)
        {
            var again = InstantText.Find(InstantText.Write(instant));
            FindingException.Unless(again is { } read && Math.Abs((read - instant).Ticks) < TimeSpan.TicksPerMicrosecond, "an instant that changes when it is written");
        }

        ReadQuery(text);
    }

    private static void ReadQuery(string text)
    {
        var request = new DefaultHttpContext().Request;
        request.QueryString = new QueryString("?" + text);
        var query = new ListQuery(request, List);
        var filter = query.Text("type");
        var state = query.Enum<EventState>("state");
        _ = (query.Instant("from"), query.Instant("to"), query.Text("q"));
        var page = query.Page();
        FindingException.Unless(query.Problem is null or { Status: 400 }, "another refusal than 400");
        FindingException.Unless(filter is null || PlainText.IsPlain(filter, ListQuery.MaxValueChars), "a filter that is no plain text");
        FindingException.Unless(state is null || Enum.IsDefined(state.Value), "a state that there is not");
        FindingException.Unless(query.Problem is not null || page.Limit is >= 1 and <= PageRequest.MaxLimit, "a page of another size");
        FindingException.Unless(
            query.Problem is not null || page.Before is not { } at || PageCursor.Write(query.Binding, at) == request.Query["cursor"], "a cursor of other filters");
    }
}
