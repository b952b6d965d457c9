using System.Text;
using ClaudeDrive.Custody;
using Xunit;

namespace ClaudeDrive.Tests.Custody;

public sealed class ExportCheckTests
{
    private readonly List<string> _lines;

    public ExportCheckTests()
    {
        var export = new ExportLine();
        _lines =
        [
            Text(export.Write("export", null, null, """{"version":1}"""u8)),
            Text(export.Write("session", "session", "sesn_1", """{"a":1}"""u8)),
            Text(export.Write("revision", "session", "sesn_1", "{\"b\":\r\n 2}"u8)),
            Text(export.Write("revision", "session", "sesn_1", """{"b":3}"""u8)),
            Text(export.Close()),
        ];
    }

    [Fact]
    public void Check_WholeExport_IsValidAndCounted()
    {
        var check = Check(_lines);
        Assert.Null(check.Problem);
        Assert.True(check.IsWhole);
        Assert.Equal([("revision", 2L), ("session", 1L)], check.Counts.Select(static pair => (pair.Key, pair.Value)));
        Assert.Equal(4, check.Lines);
    }

    [Fact]
    public void Check_AnyByteChanged_IsNoticed()
    {
        for (var line = 0; line < _lines.Count; line++)
        {
            for (var i = 0; i < _lines[line].Length; i++)
            {
                var changed = _lines.ToList();
                changed[line] = changed[line][..i] + (changed[line][i] == '0' ? '1' : '0') + changed[line][(i + 1)..];
                Assert.NotNull(Check(changed).Problem);
            }
        }
    }

    [Fact]
    public void Check_LinesRemovedAddedOrMoved_IsNoticed()
    {
        for (var i = 0; i < _lines.Count; i++)
        {
            var removed = _lines.ToList();
            removed.RemoveAt(i);
            Assert.NotNull(Check(removed).Problem);
            var added = _lines.ToList();
            added.Insert(i, _lines[i]);
            Assert.NotNull(Check(added).Problem);
        }

        Assert.NotNull(Check([_lines[0], _lines[1], _lines[3], _lines[2], _lines[4]]).Problem);
        Assert.NotNull(Check([]).Problem);
        Assert.NotNull(Check([.. _lines, _lines[1]]).Problem);
    }

    [Fact]
    public void Check_CutShort_SaysSo() => Assert.Contains("cut short", Check(_lines[..^1]).Problem, StringComparison.Ordinal);

    private static ExportCheck Check(IEnumerable<string> lines)
    {
        var check = new ExportCheck();
        foreach (var line in lines)
        {
            check.Add(Encoding.UTF8.GetBytes(line));
        }

        check.End();
        return check;
    }

    private static string Text(ReadOnlyMemory<byte> line)
    {
        var text = Encoding.UTF8.GetString(line.Span);
        Assert.EndsWith("\n", text, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', text[..^1]);
        return text[..^1];
    }
}
