using System.Text.RegularExpressions;
using Microsoft.Extensions.Options;
using Npgsql;

namespace ClaudeDrive.PostgreSql;

/// <summary>Checks <see cref="PostgreSqlStoreOptions"/>; reports every problem at once, never with the connection string.</summary>
internal sealed partial class PostgreSqlStoreOptionsValidator : IValidateOptions<PostgreSqlStoreOptions>
{
    /// <inheritdoc/>
    public ValidateOptionsResult Validate(string? name, PostgreSqlStoreOptions options)
    {
        var problems = new List<string>();
        Check(IsConnectionString(options.ConnectionString), $"{nameof(options.ConnectionString)} must be an Npgsql connection string that names a host.");
        Check(Name().IsMatch(options.Schema ?? ""), $"{nameof(options.Schema)} must be lower-case letters, digits and underscores, at most 63, not '{options.Schema}'.");
        Check(options.QueueCapacity is >= 1 and <= 1_000_000, $"{nameof(options.QueueCapacity)} must be from 1 to 1,000,000, not {options.QueueCapacity}.");
        Check(options.MaxConnections is >= 3 and <= 1000, $"{nameof(options.MaxConnections)} must be from 3 to 1,000, not {options.MaxConnections}.");
        CheckSeconds(nameof(options.ConnectTimeout), options.ConnectTimeout, 60);
        CheckSeconds(nameof(options.CommandTimeout), options.CommandTimeout, 600);
        return problems.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(problems);

        void Check(bool holds, string problem)
        {
            if (!holds)
            {
                problems.Add(problem);
            }
        }

        void CheckSeconds(string key, TimeSpan value, int most) => Check(
            value >= TimeSpan.FromSeconds(1) && value <= TimeSpan.FromSeconds(most) && value.Ticks % TimeSpan.TicksPerSecond == 0,
            $"{key} must be whole seconds from 1 to {most}, not {value}.");
    }

    private static bool IsConnectionString(string? text)
    {
        try
        {
            return !string.IsNullOrWhiteSpace(text) && !string.IsNullOrWhiteSpace(new NpgsqlConnectionStringBuilder(text).Host);
        }
        catch (ArgumentException)
        {
            // Its message may hold a part of the text.
            return false;
        }
    }

    [GeneratedRegex(@"^[a-z_][a-z0-9_]{0,62}\z", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Name();
}
