namespace ClaudeDrive.PostgreSql.Connections;

/// <summary>The conditions of one list, put together from fixed texts; values only ever arrive as parameters.</summary>
internal sealed class SqlPredicate
{
    private readonly List<string> _terms = [];
    private readonly List<Action<Statement>> _bindings = [];

    /// <summary>True when everything matches.</summary>
    public bool IsEmpty => _terms.Count == 0;

    /// <summary>The conditions as SQL.</summary>
    public string Text => IsEmpty ? "true" : string.Join(" AND ", _terms);

    /// <summary>Adds a condition without a parameter when there is one.</summary>
    public SqlPredicate And(string? term)
    {
        if (term is not null)
        {
            _terms.Add(term);
        }

        return this;
    }

    /// <summary>Adds a condition on a text when one is asked for; <paramref name="term"/> names the parameter <c>@name</c>.</summary>
    public SqlPredicate And(string term, string name, string? value)
    {
        if (value is not null)
        {
            _terms.Add(term);
            _bindings.Add(statement => statement.Set(name, value));
        }

        return this;
    }

    /// <summary>Adds a condition on a number when one is asked for.</summary>
    public SqlPredicate And(string term, string name, long? value)
    {
        if (value is { } number)
        {
            _terms.Add(term);
            _bindings.Add(statement => statement.Set(name, number));
        }

        return this;
    }

    /// <summary>Adds a condition with the values of all parameters it names.</summary>
    public SqlPredicate And(string term, IEnumerable<KeyValuePair<string, string>> values)
    {
        _terms.Add(term);
        foreach (var (name, value) in values)
        {
            _bindings.Add(statement => statement.Set(name, value));
        }

        return this;
    }

    /// <summary>The values without the conditions, for a text that has put the conditions elsewhere.</summary>
    public SqlPredicate Bindings()
    {
        _terms.Clear();
        return this;
    }

    /// <summary>Adds a condition on an instant when one is asked for.</summary>
    public SqlPredicate And(string term, string name, DateTimeOffset? value) => And(term, name, value?.UtcTicks);

    /// <summary>Sets the parameters.</summary>
    public Statement Bind(Statement statement)
    {
        foreach (var binding in _bindings)
        {
            binding(statement);
        }

        return statement;
    }
}
