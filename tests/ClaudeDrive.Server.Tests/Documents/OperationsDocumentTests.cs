using System.ComponentModel.DataAnnotations;
using System.Diagnostics.Metrics;
using System.Globalization;
using System.Reflection;
using System.Text.RegularExpressions;
using ClaudeDrive.AspNetCore.Http;
using ClaudeDrive.Diagnostics;
using ClaudeDrive.Hydration;
using ClaudeDrive.Inbox;
using ClaudeDrive.Inbox.Spool;
using ClaudeDrive.Ingest;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace ClaudeDrive.Server.Tests.Documents;

/// <summary>The tables of <c>docs/operations.md</c> hold exactly what the code has.</summary>
public sealed partial class OperationsDocumentTests
{
    private const string Operations = "docs/operations.md";

    [Fact]
    public void ProblemCodes_Table_HasEveryCodeAndNoOther()
    {
        var inCode = typeof(ProblemCodes).GetFields(BindingFlags.Public | BindingFlags.Static).Select(static field => (string)field.GetRawConstantValue()!)
            .Concat(Rejection.All.Select(static rejection => rejection.Code)).Distinct().Order(StringComparer.Ordinal);
        Assert.Equal(inCode, FirstColumn("## Problem codes"));
    }

    [Fact]
    public void ReceiverTable_Codes_AreAmongTheProblemCodes()
    {
        var inTable = Repository.Rows(Repository.Section(Operations, "## Answers of the receiver")).Skip(1)
            .SelectMany(static row => Code().Matches(row[1])).Select(static match => match.Groups[1].Value).ToList();
        Assert.All(Rejection.All, rejection => Assert.Contains(rejection.Code, inTable));
        Assert.Empty(inTable.Except(FirstColumn("## Problem codes")));
    }

    [Fact]
    public void LogEvents_Table_HasEveryEventWithItsLevelAndNoOther()
    {
        var inCode = Repository.Below("src", "*.cs").SelectMany(static file => LoggerMessage().Matches(Repository.Read(file)))
            .Select(static match => $"{match.Groups["id"].Value} {match.Groups["level"].Value}").Order(StringComparer.Ordinal).ToList();
        var inTable = Repository.Rows(Repository.Section(Operations, "## Log events")).Skip(1).Select(static row => $"{row[0]} {row[1]}");
        Assert.NotEmpty(inCode);
        Assert.Equal(inCode, inTable);
    }

    [Fact]
    public void LogEvents_Ids_AreUnique()
    {
        var twice = Repository.Below("src", "*.cs").SelectMany(static file => LoggerMessage().Matches(Repository.Read(file)))
            .GroupBy(static match => match.Groups["id"].Value).Where(static group => group.Count() > 1).Select(static group => group.Key);
        Assert.Empty(twice);
    }

    [Fact]
    public void LogEvents_Source_WritesThemInTheFormThatThisTestReads()
    {
        var all = Repository.Below("src", "*.cs").Sum(static file => Repository.Read(file).Split("[LoggerMessage").Length - 1);
        Assert.Equal(all, Repository.Below("src", "*.cs").Sum(static file => LoggerMessage().Count(Repository.Read(file))));
    }

    [Fact]
    public void Metrics_Table_HasEveryInstrumentWithItsUnitAndNoOther()
    {
        using var services = new ServiceCollection().AddMetrics().BuildServiceProvider();
        var meters = services.GetRequiredService<IMeterFactory>();
        var inCode = new List<string>();
        using var listener = new MeterListener
        {
            InstrumentPublished = (instrument, _) =>
            {
                if (ReferenceEquals(instrument.Meter.Scope, meters))
                {
                    inCode.Add($"{instrument.Name} {instrument.Unit}");
                }
            },
        };
        listener.Start();
        _ = new DeliveryMetrics(new ClaudeDriveMetrics(meters), meters);
        _ = new SpoolMetrics(meters, TimeProvider.System);
        var inTable = Repository.Rows(Repository.Section(Operations, "## Metrics")).Skip(1).Select(static row => $"{row[0].Trim('`')} {row[1].Trim('`')}");
        Assert.Equal(inCode.Order(StringComparer.Ordinal), inTable.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void HydrationSettings_Table_HasEveryOneWithDefaultAndRange()
    {
        var rows = Repository.Rows(Repository.Section(Operations, "### Server")).ToDictionary(static row => row[0].Trim('`'), StringComparer.Ordinal);
        var options = new HydrationOptions();
        foreach (var property in typeof(HydrationOptions).GetProperties().Where(static p => p.GetCustomAttribute<RangeAttribute>() is not null))
        {
            var row = Assert.Contains($"ClaudeDrive:Hydration:{property.Name}", rows);
            var range = property.GetCustomAttribute<RangeAttribute>()!;
            var standard = property.GetValue(options) is TimeSpan time ? time.ToString("c") : Convert.ToString(property.GetValue(options), CultureInfo.InvariantCulture);
            Assert.Equal($"`{standard}`", row[1]);
            Assert.StartsWith(FormattableString.Invariant($"{range.Minimum} to {range.Maximum}"), row[2], StringComparison.Ordinal);
        }
    }

    private static IEnumerable<string> FirstColumn(string heading) =>
        Repository.Rows(Repository.Section(Operations, heading)).Skip(1).Select(static row => row[0].Trim('`'));

    [GeneratedRegex("`([a-z_]+)`")]
    private static partial Regex Code();

    [GeneratedRegex(@"\[LoggerMessage\((?<id>\d+), LogLevel\.(?<level>\w+), ""(?:[^""\\]|\\.)*""\)\]")]
    private static partial Regex LoggerMessage();
}
