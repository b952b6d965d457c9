using ClaudeDrive.AspNetCore.Access;
using ClaudeDrive.Hosting;
using ClaudeDrive.Ingest;
using ClaudeDrive.Nodes;
using Microsoft.Extensions.Options;

namespace ClaudeDrive.Server;

/// <summary>Finds every problem of the configuration before anything starts.</summary>
internal static class ServerSettings
{
    /// <summary>The problems, each beginning with its key; empty when there is none.</summary>
    public static IReadOnlyList<string> FindProblems(IConfiguration configuration, IServiceProvider services)
    {
        List<string> problems = [];
        if (!NodeRolesText.TryParse(configuration["ClaudeDrive:Roles"] is { Length: > 0 } text ? text : "all", out var roles))
        {
            problems.Add("ClaudeDrive:Roles: must be all, or any of ingest,worker,console.");
        }

        if (roles.HasFlag(NodeRoles.Ingest))
        {
            problems.AddRange(EndpointSettings.Read(configuration).Problems);
        }

        problems.AddRange(StoreSettings.FindProblems(configuration, roles));
        if (configuration[AdminKey.SettingName] is { Length: > 0 } key
            && (key.Length is < AdminKey.MinChars or > AdminKey.MaxChars || key.Any(c => !char.IsAscii(c) || char.IsControl(c) || c == ' ')))
        {
            problems.Add($"{AdminKey.SettingName}: a key has {AdminKey.MinChars} to {AdminKey.MaxChars} printable ASCII characters without spaces.");
        }

        if (!Telemetry.IsShare(configuration[Telemetry.ShareKey]))
        {
            problems.Add($"{Telemetry.ShareKey}: must be a number from 0 to 1.");
        }

        foreach (var url in (configuration[WebHostDefaults.ServerUrlsKey] ?? string.Empty).Split(';', StringSplitOptions.RemoveEmptyEntries))
        {
            if (!IsAddress(url))
            {
                problems.Add($"{WebHostDefaults.ServerUrlsKey}: '{url}' is not an http address with a port.");
            }
        }

        problems.AddRange(AllowedHosts.FindProblems(configuration));
        problems.AddRange(TrustedProxies.FindProblems(configuration));
        problems.AddRange(StrictTransport.FindProblems(configuration));
        problems.AddRange(ServerLimits.FindProblems(configuration));
        problems.AddRange(OutboundSettings.FindProblems(configuration));
        problems.AddRange(OptionProblems(services));
        return [.. problems.Distinct(StringComparer.Ordinal)];
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
