using System.Net;
using ClaudeDrive.AspNetCore.Access;
using ClaudeDrive.Server.Tests.Running;
using Xunit;

namespace ClaudeDrive.Server.Tests.Hardening;

/// <summary>Over real connections, since it is the connection's address that counts.</summary>
public sealed class FailedKeysTests
{
    private const string Guess = "cd_a-guess-that-is-wrong";
    private const string Here = "127.0.0.1";

    [Fact]
    public async Task Call_ManyWrongKeys_TooManyAndTheValidKeyFromTheSameAddressWorksAsEver()
    {
        await using var server = await ServerUnderTest.StartAsync(onPort: true);
        await SpendAsync(server);

        using var refused = await SendAsync(server, $"Bearer {Guess}");
        Assert.Equal(TimeSpan.FromSeconds(FailedKeys.RefillSeconds), refused.Headers.RetryAfter?.Delta);
        await Answers.ProblemAsync(refused, 429, "too_many_failed_keys");
        for (var i = 0; i < 3 * FailedKeys.Burst; i++)
        {
            using var valid = await SendAsync(server, $"Bearer {ServerUnderTest.AdminKey}");
            Assert.Equal(HttpStatusCode.OK, valid.StatusCode);
        }
    }

    [Fact]
    public async Task Call_AnotherAddressSpentItsTries_StillUnauthenticatedHere()
    {
        await using var server = await ServerUnderTest.StartAsync(onPort: true);
        await SpendAsync(server);

        Assert.StartsWith("HTTP/1.1 429 ", await GuessAsync(server, Here), StringComparison.Ordinal);
        Assert.StartsWith("HTTP/1.1 401 ", await GuessAsync(server, "127.0.0.2"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Call_SomeTimeLater_OneMoreTry()
    {
        await using var server = await ServerUnderTest.StartAsync(onPort: true);
        await SpendAsync(server);
        server.Time.Advance(TimeSpan.FromSeconds(FailedKeys.RefillSeconds));

        Assert.StartsWith("HTTP/1.1 401 ", await GuessAsync(server, Here), StringComparison.Ordinal);
        Assert.StartsWith("HTTP/1.1 429 ", await GuessAsync(server, Here), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Call_WithoutAnyKey_SpendsNothingAndIsNeverLimited()
    {
        await using var server = await ServerUnderTest.StartAsync(onPort: true);
        for (var i = 0; i < 2 * FailedKeys.Burst; i++)
        {
            await Answers.ProblemAsync(await SendAsync(server, null), 401, "unauthenticated");
        }

        Assert.StartsWith("HTTP/1.1 401 ", await GuessAsync(server, Here), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Call_ManyWrongKeys_OneLineInTheLogThatNamesTheAddressAndNoKey()
    {
        await using var server = await ServerUnderTest.StartAsync(onPort: true);
        await SpendAsync(server);
        Assert.Equal(["1 requests"], Lines(server));

        server.Time.Advance(FailedKeys.BetweenLines);
        (await SendAsync(server, $"Bearer {Guess}")).Dispose();

        Assert.Equal(["1 requests", $"{FailedKeys.Burst} requests"], Lines(server));
        Assert.DoesNotContain(Guess, server.Log.Text, StringComparison.Ordinal);
    }

    // Each line's beginning, once it named the address.
    private static string[] Lines(ServerUnderTest server) =>
    [
        .. server.Log.Text.Split('\n').Where(static line => line.Contains(nameof(FailedKeys), StringComparison.Ordinal) && line.Contains(Here, StringComparison.Ordinal))
            .Select(static line => string.Join(' ', line.Split(' ')[2..4])),
    ];

    private static async Task SpendAsync(ServerUnderTest server)
    {
        for (var i = 0; i < FailedKeys.Burst; i++)
        {
            await Answers.ProblemAsync(await SendAsync(server, $"Bearer {Guess}"), 401, "unauthenticated");
        }
    }

    private static Task<HttpResponseMessage> SendAsync(ServerUnderTest server, string? authorization)
    {
        var request = new HttpRequestMessage(HttpMethod.Get, new Uri(server.Address, "/api/v1/me"));
        if (authorization is null)
        {
            // The client would send the administrator's key.
            server.Client.DefaultRequestHeaders.Remove("Authorization");
        }
        else
        {
            request.Headers.TryAddWithoutValidation("Authorization", authorization);
        }

        return server.SendAsync(request);
    }

    private static async Task<string> GuessAsync(ServerUnderTest server, string from)
    {
        await using var connection = await RawConnection.OpenAsync(server, from);
        await connection.SendAsync($"GET /api/v1/me HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {Guess}\r\n\r\n");
        return await connection.ReadToEndAsync();
    }
}
