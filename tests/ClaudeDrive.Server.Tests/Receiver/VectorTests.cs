using System.Security.Cryptography;
using ClaudeDrive.Access;
using ClaudeDrive.Server.Tests.Running;
using Xunit;

namespace ClaudeDrive.Server.Tests.Receiver;

/// <summary>The golden vectors over HTTP.</summary>
public sealed class VectorTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public static TheoryData<string> Names => ["V1", "V2", "V3", "V5"];

    [Theory]
    [MemberData(nameof(Names))]
    public async Task Receive_Vector_Accepted(string name)
    {
        var vector = Find(name);
        await using var server = await ServerUnderTest.StartAsync();

        await Answers.OkAsync(await server.SendAsync(vector.Request()), "accepted", vector.Id);

        var (_, body) = (await server.Store.FindEventAsync(Sight.Everything, "default", vector.Id, Token))!.Value;
        Assert.Equal(SHA256.HashData(vector.Body), SHA256.HashData(body.Span));
    }

    [Fact]
    public async Task Receive_V4AfterV1_Duplicate()
    {
        await using var server = await ServerUnderTest.StartAsync();
        await Answers.OkAsync(await server.SendAsync(Vectors.V1.Request()), "accepted", Vectors.V1.Id);
        await Answers.OkAsync(await server.SendAsync(Vectors.V4.Request()), "duplicate", Vectors.V1.Id);
    }

    [Theory]
    [InlineData(Vectors.SecretA, 200)]
    [InlineData(Vectors.SecretB, 200)]
    [InlineData(Vectors.SecretC, 400)]
    [InlineData(Vectors.SecretC + " " + Vectors.SecretB, 200)]
    public async Task Receive_V3Rotation_AnySecretOfOursIsEnough(string secrets, int status)
    {
        await using var server = await ServerUnderTest.StartAsync(new() { ["ANTHROPIC_WEBHOOK_SIGNING_KEY"] = secrets });
        using var response = await server.SendAsync(Vectors.V3.Request());
        Assert.Equal(status, (int)response.StatusCode);
    }

    [Fact]
    public async Task Receive_V2WithOtherLineEnds_Mismatch()
    {
        await using var server = await ServerUnderTest.StartAsync();
        var text = System.Text.Encoding.UTF8.GetString(Vectors.V2.Body).ReplaceLineEndings("\r\n");
        var altered = Vectors.V2 with { Body = System.Text.Encoding.UTF8.GetBytes(text) };
        await Answers.ProblemAsync(await server.SendAsync(altered.Request()), 400, "signature_mismatch");
    }

    [Fact]
    public async Task Receive_DialectOff_SignatureMissing()
    {
        await using var server = await ServerUnderTest.StartAsync(new() { ["ClaudeDrive:Endpoints:default:Dialects"] = "guide" });
        await Answers.ProblemAsync(await server.SendAsync(Vectors.V1.Request()), 400, "signature_missing");
    }

    private static Vector Find(string name) => name switch
    {
        "V1" => Vectors.V1,
        "V2" => Vectors.V2,
        "V3" => Vectors.V3,
        _ => Vectors.V5,
    };
}
