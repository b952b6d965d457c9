using System.ComponentModel.DataAnnotations;
using ClaudeDrive.Hydration;
using ClaudeDrive.Ingest;
using ClaudeDrive.Nodes;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;

namespace ClaudeDrive.Hosting;

/// <summary>Checks the options at start and reports every problem at once, each with its configuration key and never with a secret value.</summary>
internal sealed class ClaudeDriveOptionsValidator(IConfiguration? configuration = null) : IValidateOptions<ClaudeDriveOptions>
{
    /// <inheritdoc />
    public ValidateOptionsResult Validate(string? name, ClaudeDriveOptions options)
    {
        List<string> problems = [.. options.Unreadable];
        if (configuration is not null && options.Roles.HasFlag(NodeRoles.Ingest))
        {
            // Nothing insecure by omission: without a signing secret nothing receives.
            var endpoints = EndpointSettings.Read(configuration);
            problems.AddRange(endpoints.Problems);
            CheckRepeats(options, endpoints, problems);
        }

        if (options.Roles.HasFlag(NodeRoles.Worker) && string.IsNullOrWhiteSpace(options.Hydration.ApiKey))
        {
            problems.Add("ANTHROPIC_API_KEY is not set: without it nothing can be fetched.");
        }

        if (options.Roles == NodeRoles.None || (options.Roles & ~NodeRoles.All) != 0)
        {
            problems.Add("ClaudeDrive:Roles: must be all, or any of ingest,worker,console.");
        }

        if (!options.Hydration.BaseUrl.IsAbsoluteUri || options.Hydration.BaseUrl.Scheme is not ("http" or "https"))
        {
            problems.Add("ANTHROPIC_BASE_URL is not an absolute http or https address.");
        }

        Check("ClaudeDrive:Hydration:", options.Hydration, problems);
        Check("ClaudeDrive:Retention:", options.Retention, problems);
        Check("ClaudeDrive:", options, problems);
        if (options.Hydration.BaseDelay > options.Hydration.MaxDelay)
        {
            problems.Add("ClaudeDrive:Hydration:BaseDelay is longer than ClaudeDrive:Hydration:MaxDelay.");
        }

        return problems.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(problems);
    }

    // A delivery may be repeated as long as its time is fresh, which may begin one tolerance after its first receipt.
    private static void CheckRepeats(ClaudeDriveOptions options, EndpointSettings endpoints, List<string> problems)
    {
        var tolerance = endpoints.Endpoints.Values.Select(static endpoint => endpoint.Limits.Tolerance).DefaultIfEmpty().Max();
        if (options.Retention.Events < 2 * tolerance)
        {
            problems.Add("ClaudeDrive:Retention:Events is shorter than twice ClaudeDrive:Ingest:Tolerance: a repeat would be taken for a new event.");
        }
    }

    private static void Check(string prefix, object options, List<string> problems)
    {
        List<ValidationResult> results = [];
        Validator.TryValidateObject(options, new ValidationContext(options), results, validateAllProperties: true);
        foreach (var result in results)
        {
            var key = result.MemberNames.FirstOrDefault() ?? "";
            key = key switch
            {
                nameof(ClaudeDriveOptions.ReconciliationInterval) => "Reconciliation:Interval",
                nameof(ClaudeDriveOptions.SpoolMaxBytes) => "Ingest:SpoolMaxBytes",
                _ => key,
            };
            problems.Add($"{prefix}{key}: {result.ErrorMessage}");
        }
    }
}
