using Xunit;

namespace ClaudeDrive.Server.Tests.Cli;

/// <summary>Wrong usage ends with 2, says what is right, and asks no server anything.</summary>
public sealed class UsageTests
{
    [Theory]
    [InlineData("", "needs one more word")]
    [InlineData("bogus", "has no verb 'bogus'")]
    [InlineData("events", "needs one more word")]
    [InlineData("events bogus", "has no verb 'bogus'")]
    [InlineData("events list --state sleeping", "none of pending")]
    [InlineData("events list --source rumour", "none of webhook")]
    [InlineData("events list --limit 0", "from 1 to 200")]
    [InlineData("events list --limit 201", "from 1 to 200")]
    [InlineData("events list --limit many", "from 1 to 200")]
    [InlineData("events list --from yesterday", "not a time")]
    [InlineData("events list --from 1h --to 2h", "later than")]
    [InlineData("events list --type=", "Required argument missing")]
    [InlineData("events list --all --cursor x", "exclude each other")]
    [InlineData("events list --nonsense", "--nonsense")]
    [InlineData("events show", "")]
    [InlineData("events show .", "not an id")]
    [InlineData("events show ..", "not an id")]
    [InlineData("events show --jsno", "'--jsno' is not an id")]
    [InlineData("events tail --topics rumours", "takes some of")]
    [InlineData("events tail --count 0", "at least 1")]
    [InlineData("sessions diff s --from 0", "at least 1")]
    [InlineData("deliveries list --outcome lost", "none of accepted")]
    [InlineData("reviews list --state asleep", "none of open")]
    [InlineData("reviews answer r", "needs one of --result")]
    [InlineData("reviews answer r --allow --deny", "exclude each other")]
    [InlineData("reviews answer r --allow --is-error", "--is-error goes with")]
    [InlineData("reviews answer r --budget much", "neither an amount")]
    [InlineData("reviews answer r --budget -5", "neither an amount")]
    [InlineData("reviews answer r --result-json {", "not JSON")]
    [InlineData("reviews answer r --message=", "Required argument missing")]
    [InlineData("reviews answer r --allow --wait soon", "from 1 to 86400")]
    [InlineData("dead-letters retry", "Say which")]
    [InlineData("dead-letters retry e --all", "only one of these")]
    [InlineData("dead-letters discard", "")]
    [InlineData("status --window soon", "not a length of time")]
    [InlineData("status --server ftp://x", "not an http or https address")]
    [InlineData("status --server http://me:pw@x", "must not carry a user name")]
    [InlineData("verify", "")]
    [InlineData("verify --secret-file /no/such/file", "does not exist")]
    [InlineData("serve --urls nowhere", "not an address to listen on")]
    [InlineData("serve --urls http://127.0.0.1:99999", "not an address to listen on")]
    [InlineData("serve --dat x", "neither an option nor a setting")]
    [InlineData("serve stray", "neither an option nor a setting")]
    [InlineData("simulate --scenario unheard-of", "is no file and none of")]
    [InlineData("simulate --rate 0", "from 0.01 to 10000")]
    [InlineData("simulate --count 0", "from 1 to 1000000")]
    [InlineData("simulate --seed -1", "from 0 to")]
    [InlineData("simulate --target nowhere", "not an http or https address")]
    [InlineData("demo --port 70000", "from 0 to 65535")]
    [InlineData("demo --port 4010", "must differ")]
    public async Task Run_WrongUsage_ExitsWith2AndSaysWhy(string line, string expected)
    {
        var probe = new CliProbe { Variables = { ["CLAUDEDRIVE_URL"] = "http://127.0.0.1:1" } };

        var result = await probe.RunAsync(line.Split(' ', StringSplitOptions.RemoveEmptyEntries));

        Assert.Equal(2, result.ExitCode);
        Assert.Contains(expected, result.Error, StringComparison.Ordinal);
        Assert.Contains("error: ", result.Error, StringComparison.Ordinal);
        Assert.Empty(result.Output);
    }

    [Theory]
    [InlineData("--help")]
    [InlineData("events list --help")]
    [InlineData("reviews answer -h")]
    [InlineData("--version")]
    public async Task Run_HelpOrVersion_ExitsWith0OnStandardOutput(string line)
    {
        var result = await new CliProbe().RunAsync(line.Split(' '));

        Assert.Equal(0, result.ExitCode);
        Assert.NotEmpty(result.Output);
        Assert.Empty(result.Error);
    }

    [Theory]
    [InlineData("events", "list", "--api-keyy=cdk_test_Sup3rS3cretKeyValue")]
    [InlineData("events", "list", "--api-kee", "cdk_test_Sup3rS3cretKeyValue")]
    [InlineData("events", "list", "--api-key", "one", "cdk_test_Sup3rS3cretKeyValue")]
    [InlineData("--apikey", "cdk_test_Sup3rS3cretKeyValue", "status")]
    public async Task Run_KeyInAMistypedOption_IsNotRepeated(params string[] args)
    {
        var result = await new CliProbe().RunAsync(args);

        Assert.Equal(2, result.ExitCode);
        Assert.DoesNotContain(CliProbe.ApiKey, result.Everything, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_KeyWithALineEnd_IsWrongUsageAndNotRepeated()
    {
        var probe = new CliProbe { Variables = { ["CLAUDEDRIVE_API_KEY"] = "abc\r\nInjected: yes" } };

        var result = await probe.RunAsync("status");

        Assert.Equal(2, result.ExitCode);
        Assert.DoesNotContain("Injected", result.Everything, StringComparison.Ordinal);
    }
}
