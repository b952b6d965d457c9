using System.Text.Json.Serialization;

namespace ClaudeDrive.Benchmarks.Growth;

/// <summary>What <c>claim</c> found.</summary>
/// <param name="ResourcesPerSecond">Resources claimed, planned and applied per second.</param>
/// <param name="P50Ms">Median duration of a claim of up to 100 resources, in milliseconds.</param>
/// <param name="P99Ms">The duration that one claim of a hundred exceeds.</param>
/// <param name="Resources">Resources in all.</param>
internal sealed record ClaimReport(double ResourcesPerSecond, double P50Ms, double P99Ms, int Resources);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(ClaimReport))]
internal sealed partial class ClaimReportJson : JsonSerializerContext;
