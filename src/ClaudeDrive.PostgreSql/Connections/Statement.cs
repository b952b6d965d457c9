using Npgsql;
using NpgsqlTypes;

namespace ClaudeDrive.PostgreSql.Connections;

/// <summary>
/// One use of a statement of the catalog: its text and its values. Parameters are set by name and sent by position, texts as
/// <see cref="StoredText"/>. A name that the statement does not have, and one that was not set, are defects and throw.
/// </summary>
internal sealed class Statement(SqlText sql)
{
    private readonly NpgsqlParameter?[] _values = new NpgsqlParameter?[sql.Names.Count];

    /// <summary>What is sent.</summary>
    public string Text => sql.Text;

    /// <summary>Sets a text.</summary>
    public Statement Set(string name, string? value) => Put(name, NpgsqlDbType.Text, value is null ? null : StoredText.Write(value));

    /// <summary>Sets a number of 64 bits.</summary>
    public Statement Set(string name, long? value) => Put(name, NpgsqlDbType.Bigint, value);

    /// <summary>Sets a number of 32 bits: where a function takes one.</summary>
    public Statement Set(string name, int? value) => Put(name, NpgsqlDbType.Integer, value);

    /// <summary>Sets a truth value.</summary>
    public Statement Set(string name, bool value) => Put(name, NpgsqlDbType.Boolean, value);

    /// <summary>Sets an instant.</summary>
    public Statement Set(string name, DateTimeOffset? value) => Set(name, value?.UtcTicks);

    /// <summary>Sets a length of time.</summary>
    public Statement Set(string name, TimeSpan? value) => Set(name, value?.Ticks);

    /// <summary>Sets bytes. The memory must stay unchanged until the statement has run.</summary>
    public Statement Set(string name, ReadOnlyMemory<byte>? value) => Put(name, NpgsqlDbType.Bytea, value);

    /// <summary>Sets texts.</summary>
    public Statement Set(string name, IEnumerable<string?> values) => Put(
        name, NpgsqlDbType.Array | NpgsqlDbType.Text, values.Select(static value => value is null ? null : StoredText.Write(value)).ToList());

    /// <summary>Sets numbers of 64 bits.</summary>
    public Statement Set(string name, IEnumerable<long?> values) => Put(name, NpgsqlDbType.Array | NpgsqlDbType.Bigint, values.ToList());

    /// <summary>Sets numbers of 32 bits.</summary>
    public Statement Set(string name, IEnumerable<int?> values) => Put(name, NpgsqlDbType.Array | NpgsqlDbType.Integer, values.ToList());

    /// <summary>Sets numbers of 16 bits.</summary>
    public Statement Set(string name, IEnumerable<short> values) => Put(name, NpgsqlDbType.Array | NpgsqlDbType.Smallint, values.ToList());

    /// <summary>Sets truth values.</summary>
    public Statement Set(string name, IEnumerable<bool> values) => Put(name, NpgsqlDbType.Array | NpgsqlDbType.Boolean, values.ToList());

    /// <summary>Sets byte strings. They must stay unchanged until the statement has run.</summary>
    public Statement Set(string name, IEnumerable<byte[]> values) => Put(name, NpgsqlDbType.Array | NpgsqlDbType.Bytea, values.ToList());

    /// <summary>Puts text and values into a command of a batch.</summary>
    public void Fill(NpgsqlBatchCommand command)
    {
        command.CommandText = sql.Text;
        for (var i = 0; i < _values.Length; i++)
        {
            command.Parameters.Add(_values[i] ?? throw new InvalidOperationException($"The parameter {sql.Names[i]} is not set: {sql.Text}"));
        }
    }

    private Statement Put(string name, NpgsqlDbType type, object? value)
    {
        _values[sql.Find(name)] = new NpgsqlParameter { NpgsqlDbType = type, Value = value ?? DBNull.Value };
        return this;
    }
}
