using Microsoft.Extensions.Options;

namespace ClaudeDrive.Sqlite;

/// <summary>Checks <see cref="SqliteStoreOptions"/>; reports every problem at once.</summary>
internal sealed class SqliteStoreOptionsValidator : IValidateOptions<SqliteStoreOptions>
{
    /// <inheritdoc/>
    public ValidateOptionsResult Validate(string? name, SqliteStoreOptions options)
    {
        var problems = new List<string>();
        if (string.IsNullOrWhiteSpace(options.DataDirectory))
        {
            problems.Add($"{nameof(options.DataDirectory)} must name a directory.");
        }

        if (options.QueueCapacity is < 1 or > 1_000_000)
        {
            problems.Add($"{nameof(options.QueueCapacity)} must be from 1 to 1,000,000, not {options.QueueCapacity}.");
        }

        if (options.Readers is < 1 or > 64)
        {
            problems.Add($"{nameof(options.Readers)} must be from 1 to 64, not {options.Readers}.");
        }

        return problems.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(problems);
    }
}
