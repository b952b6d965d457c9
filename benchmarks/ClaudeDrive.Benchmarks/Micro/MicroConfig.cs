using BenchmarkDotNet.Columns;
using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Diagnosers;
using BenchmarkDotNet.Exporters;
using BenchmarkDotNet.Exporters.Json;
using BenchmarkDotNet.Jobs;
using BenchmarkDotNet.Loggers;
using BenchmarkDotNet.Toolchains.InProcess.Emit;

namespace ClaudeDrive.Benchmarks.Micro;

/// <summary>
/// How single stages are measured. In this process: the project that BenchmarkDotNet would generate for a process of its own inherits this repository's
/// lock files and analyzers and does not build under them.
/// </summary>
internal static class MicroConfig
{
    public static IConfig Create(bool quick, string output)
    {
        var job = (quick ? Job.ShortRun : Job.MediumRun).WithToolchain(InProcessEmitToolchain.Instance);
        return ManualConfig.CreateEmpty()
            .AddJob(job)
            .AddColumnProvider(DefaultColumnProviders.Instance)
            .AddDiagnoser(MemoryDiagnoser.Default)
            .AddExporter(MarkdownExporter.GitHub, JsonExporter.Brief)
            .AddLogger(ConsoleLogger.Default)
            .WithArtifactsPath(output)
            .WithOptions(ConfigOptions.DisableLogFile);
    }
}
