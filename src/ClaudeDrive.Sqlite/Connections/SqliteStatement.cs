using System.Buffers;
using System.Text;
using SQLitePCL;

namespace ClaudeDrive.Sqlite.Connections;

/// <summary>
/// One prepared statement in use: parameters by name, columns in order. Disposing ends the use (and the read transaction it may hold); a
/// statement that its connection keeps stays prepared. Not thread-safe.
/// </summary>
internal sealed class SqliteStatement : IDisposable
{
    private readonly sqlite3 _connection;
    private readonly sqlite3_stmt _handle;
    private readonly string[] _names;
    private readonly bool _kept;
    private int _nextParameter;
    private int _nextColumn;

    public SqliteStatement(sqlite3 connection, string sql, bool kept)
    {
        _connection = connection;
        _kept = kept;
        var flags = kept ? (uint)raw.SQLITE_PREPARE_PERSISTENT : 0;
        SqliteFailure.ThrowIfError(raw.sqlite3_prepare_v3(connection, sql, flags, out _handle), connection);
        _names = new string[raw.sqlite3_bind_parameter_count(_handle)];
        for (var i = 0; i < _names.Length; i++)
        {
            _names[i] = raw.sqlite3_bind_parameter_name(_handle, i + 1).utf8_to_string()[1..];
        }
    }

    /// <summary>Sets a number.</summary>
    public SqliteStatement Set(string name, long value)
    {
        SqliteFailure.ThrowIfError(raw.sqlite3_bind_int64(_handle, Find(name), value), _connection);
        return this;
    }

    /// <summary>Sets a number or null.</summary>
    public SqliteStatement Set(string name, long? value) => value is { } number ? Set(name, number) : SetNull(name);

    /// <summary>Sets an instant as UTC ticks.</summary>
    public SqliteStatement Set(string name, DateTimeOffset value) => Set(name, value.UtcTicks);

    /// <summary>Sets an instant as UTC ticks, or null.</summary>
    public SqliteStatement Set(string name, DateTimeOffset? value) => Set(name, value?.UtcTicks);

    /// <summary>Sets bytes; SQLite copies them.</summary>
    public SqliteStatement Set(string name, ReadOnlySpan<byte> value)
    {
        SqliteFailure.ThrowIfError(raw.sqlite3_bind_blob(_handle, Find(name), value), _connection);
        return this;
    }

    /// <summary>Sets text or null; SQLite copies it.</summary>
    public SqliteStatement Set(string name, string? value)
    {
        if (value is null)
        {
            return SetNull(name);
        }

        const int OnStack = 512;
        var longest = Encoding.UTF8.GetMaxByteCount(value.Length) + 1;
        var rented = longest > OnStack ? ArrayPool<byte>.Shared.Rent(longest) : null;
        var buffer = rented ?? stackalloc byte[OnStack];
        var length = Encoding.UTF8.GetBytes(value, buffer);
        // The buffer always has a byte more than the text: an empty span would be bound as null.
        buffer[length] = 0;
        var code = length == 0
            ? raw.sqlite3_bind_text(_handle, Find(name), string.Empty)
            : raw.sqlite3_bind_text(_handle, Find(name), buffer[..length]);
        if (rented is not null)
        {
            ArrayPool<byte>.Shared.Return(rented);
        }

        SqliteFailure.ThrowIfError(code, _connection);
        return this;
    }

    /// <summary>Moves to the next row; false at the end.</summary>
    public bool Step()
    {
        _nextColumn = 0;
        var code = raw.sqlite3_step(_handle);
        SqliteFailure.ThrowIfError(code, _connection);
        return code == raw.SQLITE_ROW;
    }

    /// <summary>Runs to the end and returns how many rows the statement changed.</summary>
    public int Run()
    {
        while (Step())
        {
        }

        return raw.sqlite3_changes(_connection);
    }

    /// <summary>The next column, a number that is not null.</summary>
    public long Int64() => raw.sqlite3_column_int64(_handle, _nextColumn++);

    /// <summary>The next column, a number that is not null.</summary>
    public int Int32() => (int)Int64();

    /// <summary>The next column, a number or null.</summary>
    public long? Int64OrNull() => IsNull() ? null : Int64();

    /// <summary>The next column, a number or null.</summary>
    public int? Int32OrNull() => IsNull() ? null : Int32();

    /// <summary>The next column, an instant.</summary>
    public DateTimeOffset Instant() => new(Int64(), TimeSpan.Zero);

    /// <summary>The next column, an instant or null.</summary>
    public DateTimeOffset? InstantOrNull() => IsNull() ? null : Instant();

    /// <summary>The next column, text that is not null.</summary>
    public string Text() => Encoding.UTF8.GetString(raw.sqlite3_column_blob(_handle, _nextColumn++));

    /// <summary>The next column, text or null.</summary>
    public string? TextOrNull() => IsNull() ? null : Text();

    /// <summary>The next column, bytes; a copy.</summary>
    public byte[] Bytes() => raw.sqlite3_column_blob(_handle, _nextColumn++).ToArray();

    /// <summary>Ends the use.</summary>
    public void Dispose()
    {
        if (_kept)
        {
            // The code repeats the error of the last step, which was thrown there.
            raw.sqlite3_reset(_handle);
            _nextParameter = 0;
        }
        else
        {
            Close();
        }
    }

    /// <summary>Finalizes the statement.</summary>
    public void Close() => _handle.Dispose();

    private SqliteStatement SetNull(string name)
    {
        SqliteFailure.ThrowIfError(raw.sqlite3_bind_null(_handle, Find(name)), _connection);
        return this;
    }

    private bool IsNull()
    {
        if (raw.sqlite3_column_type(_handle, _nextColumn) != raw.SQLITE_NULL)
        {
            return false;
        }

        _nextColumn++;
        return true;
    }

    /// <summary>Number of a parameter. Set in the order of the statement, each is found at the first look.</summary>
    private int Find(string name)
    {
        if (_nextParameter < _names.Length && _names[_nextParameter] == name)
        {
            return ++_nextParameter;
        }

        var index = Array.IndexOf(_names, name);
        if (index < 0)
        {
            throw new ArgumentException($"The statement has no parameter {name}.", nameof(name));
        }

        _nextParameter = index + 1;
        return index + 1;
    }
}
