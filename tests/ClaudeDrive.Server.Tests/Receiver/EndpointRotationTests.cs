using ClaudeDrive.Server.Tests.Running;
using Microsoft.Extensions.Configuration;
using Xunit;

namespace ClaudeDrive.Server.Tests.Receiver;

/// <summary>Secrets are read anew for every request: a rotation needs no restart.</summary>
public sealed class EndpointRotationTests
{
    [Fact]
    public async Task Reload_NewSecret_CountsFromTheNextRequest()
    {
        await using var server = await ServerUnderTest.StartAsync();
        var configuration = (IConfigurationRoot)server.App.Configuration;
        configuration["ANTHROPIC_WEBHOOK_SIGNING_KEY"] = Vectors.SecretB;
        configuration.Reload();

        await Answers.ProblemAsync(await server.SendAsync(Vectors.V1.Request()), 400, "signature_mismatch");
        await Answers.OkAsync(await server.SendAsync(Vectors.V3.Request()), "accepted", Vectors.V3.Id);
    }

    [Fact]
    public async Task Reload_WithProblems_ChangesNothing()
    {
        await using var server = await ServerUnderTest.StartAsync();
        var configuration = (IConfigurationRoot)server.App.Configuration;
        configuration["ANTHROPIC_WEBHOOK_SIGNING_KEY"] = "whsec_half-written";
        configuration.Reload();

        await Answers.OkAsync(await server.SendAsync(Vectors.V1.Request()), "accepted", Vectors.V1.Id);
        Assert.Contains("ANTHROPIC_WEBHOOK_SIGNING_KEY", server.Log.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("half-written", server.Log.Text, StringComparison.Ordinal);
    }
}
