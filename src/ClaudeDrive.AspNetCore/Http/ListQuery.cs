using System.Globalization;
using System.Text;
using ClaudeDrive.Inbox;
using Microsoft.AspNetCore.Http;

namespace ClaudeDrive.AspNetCore.Http;

/// <summary>
/// Reads the query of a list: filters first, then <see cref="Page"/>. Remembers the first problem and every filter, to which the cursor is
/// bound. An empty value counts as absent; a repeated or unreadable one is a problem that names its parameter.
/// </summary>
internal sealed class ListQuery(HttpRequest request, string list)
{
    /// <summary>Longest value of a filter, in characters. Chosen: ids of the Claude API have some 30.</summary>
    public const int MaxValueChars = 512;

    private readonly StringBuilder _binding = new(list);

    /// <summary>The first problem; null when there is none.</summary>
    public Problem? Problem { get; private set; }

    /// <summary>List and filters, to bind cursors to.</summary>
    public string Binding => _binding.ToString();

    public string? Text(string name)
    {
        var value = Once(name);
        if (value.Length == 0)
        {
            return null;
        }

        if (!PlainText.IsPlain(value, MaxValueChars))
        {
            Refuse(name, $"The value must have at most {MaxValueChars} characters and no control characters.");
            return null;
        }

        _binding.Append('\n').Append(name).Append('=').Append(value);
        return value;
    }

    public T? Enum<T>(string name)
        where T : struct, Enum
    {
        if (Text(name) is not { } text)
        {
            return null;
        }

        var value = EnumText<T>.Find(text);
        if (value is null)
        {
            Refuse(name, $"The value must be one of {string.Join(", ", EnumText<T>.All)}.");
        }

        return value;
    }

    public DateTimeOffset? Instant(string name)
    {
        if (Text(name) is not { } text)
        {
            return null;
        }

        var value = InstantText.Find(text);
        if (value is null)
        {
            Refuse(name, "The value must be an RFC 3339 time such as 2026-03-18T14:05:22.5Z.");
        }

        return value;
    }

    /// <summary>Limit and position, checked against the filters read so far.</summary>
    public PageRequest Page()
    {
        var (limit, positions) = Positions(1);
        return new PageRequest(limit, positions?[0]);
    }

    /// <summary>As <see cref="Page"/>, for lists with several positions.</summary>
    public (int Limit, long[]? Positions) Positions(int count)
    {
        var limit = PageRequest.DefaultLimit;
        var limitText = Once("limit");
        if (request.Query.ContainsKey("limit")
            && (!int.TryParse(limitText, NumberStyles.None, CultureInfo.InvariantCulture, out limit)
                || limit is < 1 or > PageRequest.MaxLimit))
        {
            Refuse("limit", $"The value must be a whole number from 1 to {PageRequest.MaxLimit}.");
        }

        var cursor = Once("cursor");
        var positions = cursor.Length == 0 ? null : PageCursor.Read(Binding, cursor, count);
        if (cursor.Length > 0 && positions is null)
        {
            Problem ??= new Problem(
                400, ProblemCodes.CursorInvalid, "The cursor is not one that this list gave out for these filters.", "cursor");
        }

        return (limit, positions);
    }

    public void Refuse(string name, string detail) => Problem ??= Problem.BadParameter(name, detail);

    // Also when all but one are empty: another reader of the same address may take another one.
    private string Once(string name)
    {
        var values = request.Query[name];
        if (values.Count <= 1)
        {
            return values.ToString();
        }

        Refuse(name, "The parameter was given more than once.");
        return string.Empty;
    }
}
