using System.CommandLine;
using BenchmarkDotNet.Reports;
using BenchmarkDotNet.Running;

namespace ClaudeDrive.Benchmarks.Micro;

/// <summary><c>bench</c>: runs the BenchmarkDotNet classes.</summary>
internal static class BenchCommand
{
    public static Command Create()
    {
        var filter = new Option<string>("--filter") { Description = "Which, such as *Signature*", DefaultValueFactory = static _ => "*" };
        var quick = new Option<bool>("--quick") { Description = "Few and short measurements" };
        var output = new Option<string>("--output") { Description = "Directory of the reports", DefaultValueFactory = static _ => "artifacts/benchmarks" };
        var command = new Command("bench", "Run the benchmarks of single stages.") { filter, quick, output };
        command.SetAction(parsed =>
        {
            var config = MicroConfig.Create(parsed.GetValue(quick), Path.GetFullPath(parsed.GetRequiredValue(output)));
            var summaries = BenchmarkSwitcher.FromAssembly(typeof(BenchCommand).Assembly)
                .Run(["--filter", parsed.GetRequiredValue(filter)], config).ToArray();
            return summaries.Length > 0 && summaries.All(IsGood) ? 0 : 1;
        });
        return command;
    }

    private static bool IsGood(Summary summary) =>
        !summary.HasCriticalValidationErrors && summary.Reports.Length > 0 && summary.Reports.All(static report => report.Success);
}
