using ClaudeDrive.Hosting;
using ClaudeDrive.Hydration;
using Microsoft.Extensions.Configuration;
using Xunit;

namespace ClaudeDrive.Tests.Hosting;

public sealed class ClaudeDriveOptionsValidatorTests
{
    [Fact]
    public void Validate_DefaultsWithAKey_IsFine() => Assert.True(Validate(static options => options.Hydration.ApiKey = "sk-test").Succeeded);

    [Fact]
    public void Validate_EverythingWrong_NamesEveryKeyAtOnceAndNoValue()
    {
        var result = Validate(static options =>
        {
            options.Hydration.ApiKey = " ";
            options.Hydration.BaseUrl = new Uri("ftp://user:sk-secret@claude.test");
            options.Hydration.MaxAttempts = 0;
            options.Hydration.BaseDelay = TimeSpan.Zero;
            options.Hydration.MaxDelay = TimeSpan.FromDays(2);
            options.Hydration.ReadsPerMinute = 0;
            options.Hydration.Concurrency = 257;
            options.Hydration.RequestTimeout = TimeSpan.FromMinutes(11);
            options.Hydration.Lease = TimeSpan.Zero;
            options.ReconciliationInterval = TimeSpan.Zero;
        });

        string[] keys =
        [
            "ANTHROPIC_API_KEY", "ANTHROPIC_BASE_URL", "ClaudeDrive:Hydration:MaxAttempts", "ClaudeDrive:Hydration:BaseDelay",
            "ClaudeDrive:Hydration:MaxDelay", "ClaudeDrive:Hydration:ReadsPerMinute", "ClaudeDrive:Hydration:Concurrency",
            "ClaudeDrive:Hydration:RequestTimeout", "ClaudeDrive:Hydration:Lease", "ClaudeDrive:Reconciliation:Interval",
        ];
        Assert.All(keys, key => Assert.Single(result.Failures!, problem => problem.StartsWith(key, StringComparison.Ordinal)));
        Assert.Equal(keys.Length, result.Failures!.Count());
        Assert.DoesNotContain("sk-secret", result.FailureMessage, StringComparison.Ordinal);
    }

    [Fact]
    public void Validate_BaseDelayAboveMaxDelay_NamesBoth()
    {
        var result = Validate(static options =>
        {
            options.Hydration.ApiKey = "sk-test";
            options.Hydration.BaseDelay = TimeSpan.FromMinutes(6);
        });
        Assert.Contains("ClaudeDrive:Hydration:MaxDelay", Assert.Single(result.Failures!), StringComparison.Ordinal);
    }

    [Fact]
    public void Configure_EveryKeyOfTheContract_IsRead()
    {
        var options = Configure(new()
        {
            ["ANTHROPIC_API_KEY"] = "sk-test",
            ["ANTHROPIC_BASE_URL"] = "http://127.0.0.1:4010/",
            ["ClaudeDrive:Hydration:MaxAttempts"] = "5",
            ["ClaudeDrive:Hydration:BaseDelay"] = "00:00:03",
            ["ClaudeDrive:Hydration:MaxDelay"] = "00:06:00",
            ["ClaudeDrive:Hydration:ReadsPerMinute"] = "60",
            ["ClaudeDrive:Hydration:Concurrency"] = "2",
            ["ClaudeDrive:Hydration:RequestTimeout"] = "00:00:07",
            ["ClaudeDrive:Hydration:Lease"] = "00:00:08",
            ["ClaudeDrive:Reconciliation:Interval"] = "00:01:00",
        });

        var hydration = options.Hydration;
        Assert.Equal(("sk-test", new Uri("http://127.0.0.1:4010/")), (hydration.ApiKey, hydration.BaseUrl));
        Assert.Equal((5, 60, 2), (hydration.MaxAttempts, hydration.ReadsPerMinute, hydration.Concurrency));
        Assert.Equal((TimeSpan.FromSeconds(3), TimeSpan.FromMinutes(6)), (hydration.BaseDelay, hydration.MaxDelay));
        Assert.Equal((TimeSpan.FromSeconds(7), TimeSpan.FromSeconds(8)), (hydration.RequestTimeout, hydration.Lease));
        Assert.Equal(TimeSpan.FromMinutes(1), options.ReconciliationInterval);
    }

    [Theory]
    [InlineData("not an address")]
    [InlineData("/relative")]
    [InlineData("file:///etc/hosts")]
    [InlineData("http://")]
    public void Configure_AddressThatIsNone_IsAProblemOfItsKey(string address)
    {
        var options = Configure(new() { ["ANTHROPIC_API_KEY"] = "sk-test", ["ANTHROPIC_BASE_URL"] = address });
        Assert.StartsWith("ANTHROPIC_BASE_URL", Assert.Single(new ClaudeDriveOptionsValidator().Validate(null, options).Failures!), StringComparison.Ordinal);
    }

    [Fact]
    public void Configure_ValuesThatCannotBeRead_AreProblemsBesideAllOthers()
    {
        var options = Configure(new()
        {
            ["ClaudeDrive:Hydration:MaxAttempts"] = "many",
            ["ClaudeDrive:Hydration:BaseDelay"] = "soon",
            ["ClaudeDrive:Hydration:Concurrency"] = "0",
            ["ClaudeDrive:Reconciliation:Interval"] = "daily",
        });

        var result = new ClaudeDriveOptionsValidator().Validate(null, options);

        string[] keys =
        [
            "ANTHROPIC_API_KEY", "ClaudeDrive:Hydration:BaseDelay", "ClaudeDrive:Hydration:Concurrency", "ClaudeDrive:Hydration:MaxAttempts",
            "ClaudeDrive:Reconciliation:Interval",
        ];
        Assert.Equal(keys, result.Failures!.Select(static problem => problem.Split(' ')[0].TrimEnd(':')).Order(StringComparer.Ordinal));
    }

    private static Microsoft.Extensions.Options.ValidateOptionsResult Validate(Action<ClaudeDriveOptions> change)
    {
        var options = new ClaudeDriveOptions();
        change(options);
        return new ClaudeDriveOptionsValidator().Validate(null, options);
    }

    private static ClaudeDriveOptions Configure(Dictionary<string, string?> values)
    {
        var options = new ClaudeDriveOptions();
        new ClaudeDriveOptionsSetup(new ConfigurationBuilder().AddInMemoryCollection(values).Build()).Configure(options);
        return options;
    }
}
