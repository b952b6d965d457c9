using ClaudeDrive.AspNetCore.Access;
using ClaudeDrive.Hosting;
using ClaudeDrive.Ingest;
using Microsoft.Extensions.Options;

namespace ClaudeDrive.Server;

/// <summary>Finds every problem of the configuration before anything starts.</summary>
internal static class ServerSettings
{
    /// <summary>The problems, each beginning with its key; empty when there is none.</summary>
    public static IReadOnlyList<string> FindProblems(IConfiguration configuration, IServiceProvider services)
    {
        var problems = new List<string>(EndpointSettings.Read(configuration).Problems);
        Expect(configuration, "ClaudeDrive:Store", "sqlite", problems);
        Expect(configuration, "ClaudeDrive:Roles", "all", problems);
        if (configuration[AdminKey.SettingName] is { Length: > 0 } key
            && (key.Length is < AdminKey.MinChars or > AdminKey.MaxChars || key.Any(c => !char.IsAscii(c) || char.IsControl(c) || c == ' ')))
        {
            problems.Add($"{AdminKey.SettingName}: a key has {AdminKey.MinChars} to {AdminKey.MaxChars} printable ASCII characters without spaces.");
        }

        foreach (var url in (configuration[WebHostDefaults.ServerUrlsKey] ?? string.Empty).Split(';', StringSplitOptions.RemoveEmptyEntries))
        {
            if (!IsAddress(url))
            {
                problems.Add($"{WebHostDefaults.ServerUrlsKey}: '{url}' is not an http address with a port.");
            }
        }

        problems.AddRange(OptionProblems(services));
        return [.. problems.Distinct(StringComparer.Ordinal)];
    }

    // Known settings of which this version has one value: another one must not be ignored in silence.
    private static void Expect(IConfiguration configuration, string key, string value, List<string> problems)
    {
        if (configuration[key] is { Length: > 0 } given && !given.Equals(value, StringComparison.OrdinalIgnoreCase))
        {
            problems.Add($"{key}: this version has '{value}' only.");
        }
    }

    private static bool IsAddress(string url)
    {
        try
        {
            return BindingAddress.Parse(url) is { Scheme: "http" or "https", PathBase: "" };
        }
        catch (FormatException)
        {
            return false;
        }
    }

    private static IEnumerable<string> OptionProblems(IServiceProvider services)
    {
        if (services.GetService<IOptions<ClaudeDriveOptions>>() is not { } options)
        {
            return [];
        }

        try
        {
            _ = options.Value;
            return [];
        }
        catch (OptionsValidationException e)
        {
            return e.Failures;
        }
        catch (InvalidOperationException e)
        {
            // The binder names the key, and a value that it could not read: settings of these options are no secrets.
            return [e.Message];
        }
    }
}
