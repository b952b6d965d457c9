using System.Globalization;
using ClaudeDrive.Diagnostics;
using Microsoft.Extensions.Logging.Console;
using OpenTelemetry;
using OpenTelemetry.Metrics;
using OpenTelemetry.Trace;

namespace ClaudeDrive.Server;

/// <summary>
/// Metrics for whoever asks, always; traces, metrics and logs by OTLP where the standard variables name a collector
/// (https://opentelemetry.io/docs/specs/otel/protocol/exporter/).
/// </summary>
internal static class Telemetry
{
    /// <summary>Share of the traces that is kept unless told otherwise. Chosen: the measured cost is that of this share (docs/performance.md).</summary>
    private const double DefaultShare = 0.01;

    /// <summary>Standard variable: the share of the traces that is kept, 0 to 1.</summary>
    public const string ShareKey = "OTEL_TRACES_SAMPLER_ARG";

    private static readonly string[] EndpointKeys =
    [
        "OTEL_EXPORTER_OTLP_ENDPOINT", "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", "OTEL_EXPORTER_OTLP_METRICS_ENDPOINT", "OTEL_EXPORTER_OTLP_LOGS_ENDPOINT",
    ];

    /// <summary>Adds it. Without a collector no span is made.</summary>
    public static void Add(WebApplicationBuilder builder)
    {
        var telemetry = builder.Services.AddOpenTelemetry().WithMetrics(static m => m
            .AddMeter(ClaudeDriveMetrics.Name, "Microsoft.AspNetCore.Hosting", "Microsoft.AspNetCore.Server.Kestrel", "System.Runtime")
            .AddPrometheusExporter());
        var configuration = builder.Configuration;
        if (EndpointKeys.All(key => string.IsNullOrEmpty(configuration[key])))
        {
            return;
        }

        // By the trace's id alone, also below a trace that another node began: all of them then keep the same traces.
        var share = new TraceIdRatioBasedSampler(Share(configuration[ShareKey]));
        telemetry.WithTracing(t => t.AddSource(ClaudeDriveTracing.Name).SetSampler(new ParentBasedSampler(share, share, remoteParentNotSampled: share)))
            .UseOtlpExporter();
        builder.Services.Configure<JsonConsoleFormatterOptions>(static o => o.IncludeScopes = true);
        builder.Logging.Configure(static o => o.ActivityTrackingOptions = ActivityTrackingOptions.TraceId | ActivityTrackingOptions.SpanId);
    }

    /// <summary>False for what is set and no share.</summary>
    public static bool IsShare(string? text) => string.IsNullOrEmpty(text)
        || (double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var share) && share is >= 0 and <= 1);

    private static double Share(string? text) =>
        !string.IsNullOrEmpty(text) && IsShare(text) ? double.Parse(text, CultureInfo.InvariantCulture) : DefaultShare;
}
