using System.Text;
using ClaudeDrive.AspNetCore.Http;
using ClaudeDrive.Inbox;
using CsCheck;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;
using Xunit;

namespace ClaudeDrive.Server.Tests.Api;

/// <summary>Cursors and queries by anybody: read as written, or refused, and never an exception. A failure is shrunk and prints its seed.</summary>
public sealed class QueryPropertyTests
{
    private static readonly Gen<long[]> Positions = Gen.OneOf(Gen.Long, Gen.Long[0, 1_000], Gen.OneOf(long.MinValue, -1L, 0L, long.MaxValue)).Array[1, 4];

    private static readonly Gen<string> Bindings = Gen.OneOf("events", "events\nstate=dead", "deliveries", "", "\ud800");

    private static readonly Gen<string> Texts = Gen.OneOf(
        Gen.String,
        Gen.Char["ABCDabcd0123-_=+/ \r\n\0é"].Array[0, 70].Select(static chars => new string(chars)),
        Gen.OneOf("", "7", "200", "201", "-1", "dead", "Dead", "2026-03-18T14:05:22Z", "2026-03-18T14:05:22 01:00", "0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00", "25"));

    private static readonly Gen<string> Names = Gen.OneOf("state", "from", "to", "limit", "cursor", "q", "type");

    [Fact]
    public void Read_CursorAsWritten_IsThePositionsOfThatListAlone() => Gen.Select(Bindings, Bindings, Positions).Sample(
        static (binding, other, positions) =>
        {
            var text = PageCursor.Write(binding, positions);
            Assert.Equal(positions, PageCursor.Read(binding, text, positions.Length));
            Assert.Equal(Uri.EscapeDataString(text), text);
            Assert.Null(PageCursor.Read(binding, text, positions.Length + 1));
            Assert.True(binding == other || PageCursor.Read(other, text, positions.Length) is null);
        },
        iter: 2_000);

    [Fact]
    public void Read_CursorAltered_IsRefused() => Gen.Select(Bindings, Positions, Gen.Int[0, 999], Gen.Char).Sample(
        static (binding, positions, at, put) =>
        {
            var text = PageCursor.Write(binding, positions).ToCharArray();
            at %= text.Length;
            if (text[at] == put)
            {
                return true;
            }

            text[at] = put;
            return PageCursor.Read(binding, new string(text), positions.Length) is null;
        },
        iter: 5_000);

    [Fact]
    public void Read_AnyText_IsRefused() => Gen.Select(Texts, Gen.Int[1, 4]).Sample(static (text, count) => PageCursor.Read("events", text, count) is null, iter: 5_000);

    [Fact]
    public void Query_AnyValues_AreReadOrRefusedByName() => Gen.Select(Names, Texts.Array[0, 3], static (name, values) => (name, values)).Array[0, 5].Sample(
        static fields =>
        {
            var request = new DefaultHttpContext().Request;
            request.Query = new QueryCollection(fields.DistinctBy(static field => field.name).ToDictionary(static field => field.name, static field => new StringValues(field.values)));
            var query = new ListQuery(request, "events");
            var texts = (string[])["type", "q"];
            var read = texts.Select(query.Text).ToList();
            var (state, from, to) = (query.Enum<EventState>("state"), query.Instant("from"), query.Instant("to"));
            var page = query.Page();

            Assert.All(read.OfType<string>(), static text => Assert.True(text.Length is > 0 and <= ListQuery.MaxValueChars && !text.Any(char.IsControl)));
            Assert.True(state is null || Enum.IsDefined(state.Value));
            Assert.True((from ?? to)?.Offset is null || (from ?? to)!.Value.Offset == TimeSpan.Zero);
            if (query.Problem is null)
            {
                Assert.InRange(page.Limit, 1, PageRequest.MaxLimit);

                // What was read is in the binding, so that a cursor of these filters fits no others.
                Assert.All(read.OfType<string>(), text => Assert.Contains(text, query.Binding, StringComparison.Ordinal));
            }
            else
            {
                Assert.Equal(400, query.Problem.Status);
                Assert.Contains(fields, field => query.Problem.Parameter == field.name);
            }
        },
        iter: 5_000);
}
