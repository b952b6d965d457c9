using Npgsql;

namespace ClaudeDrive.PostgreSql.Connections;

/// <summary>The row that a reader stands on, read column by column from the left.</summary>
internal sealed class Row(NpgsqlDataReader reader)
{
    private int _next;

    /// <summary>Stands on the next row.</summary>
    public void Begin() => _next = 0;

    /// <summary>The next column as a text.</summary>
    public string Text() => StoredText.Read(reader.GetString(_next++));

    /// <summary>The next column as a text or null.</summary>
    public string? TextOrNull() => IsNull() ? null : Text();

    /// <summary>The next column as a number.</summary>
    public long Int64() => reader.GetInt64(_next++);

    /// <summary>The next column as a number or null.</summary>
    public long? Int64OrNull() => IsNull() ? null : Int64();

    /// <summary>The next column as a number.</summary>
    public int Int32() => reader.GetInt32(_next++);

    /// <summary>The next column as a number or null.</summary>
    public int? Int32OrNull() => IsNull() ? null : Int32();

    /// <summary>The next column as an instant.</summary>
    public DateTimeOffset Instant() => new(Int64(), TimeSpan.Zero);

    /// <summary>The next column as an instant or null.</summary>
    public DateTimeOffset? InstantOrNull() => IsNull() ? null : Instant();

    /// <summary>The next column as a truth value.</summary>
    public bool Truth() => reader.GetBoolean(_next++);

    /// <summary>The next column as bytes of its own.</summary>
    public byte[] Bytes() => reader.GetFieldValue<byte[]>(_next++);

    /// <summary>The next column as texts.</summary>
    public IReadOnlyList<string> Texts() => [.. reader.GetFieldValue<string[]>(_next++).Select(StoredText.Read)];

    // Steps over the column when it is null.
    private bool IsNull()
    {
        if (!reader.IsDBNull(_next))
        {
            return false;
        }

        _next++;
        return true;
    }
}
