using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Xunit;

namespace ClaudeDrive.Server.Tests.Running;

/// <summary>Sends and reads JSON, and checks what every answer must have.</summary>
internal static class Answers
{
    public static async Task<JsonElement> GetAsync(this ServerUnderTest server, string path)
    {
        using var response = await server.Client.GetAsync(path, TestContext.Current.CancellationToken);
        Assert.True(response.IsSuccessStatusCode, $"{path}: {response.StatusCode} {await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)}");
        return await ReadAsync(response);
    }

    public static Task<HttpResponseMessage> PostAsync(this ServerUnderTest server, string path, string body, string type = "application/json") =>
        server.PostAsync(path, Encoding.UTF8.GetBytes(body), type);

    public static async Task<HttpResponseMessage> PostAsync(this ServerUnderTest server, string path, byte[] body, string? type = "application/json")
    {
        using var content = new ByteArrayContent(body);
        content.Headers.ContentType = type is null ? null : MediaTypeHeaderValue.Parse(type);
        return await server.Client.PostAsync(path, content, TestContext.Current.CancellationToken);
    }

    public static async Task<HttpResponseMessage> SendAsync(this ServerUnderTest server, HttpRequestMessage request)
    {
        using (request)
        {
            return await server.Client.SendAsync(request, TestContext.Current.CancellationToken);
        }
    }

    public static async Task<JsonElement> ReadAsync(HttpResponseMessage response)
    {
        using var document = JsonDocument.Parse(await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
        return document.RootElement.Clone();
    }

    /// <summary>A problem document of that status and code, with every field that RFC 9457 and the contract ask for.</summary>
    public static async Task<JsonElement> ProblemAsync(HttpResponseMessage response, int status, string code)
    {
        using (response)
        {
            var text = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
            Assert.True((int)response.StatusCode == status, $"expected {status} {code}, got {(int)response.StatusCode} {text}");
            Assert.Equal("application/problem+json", response.Content.Headers.ContentType?.MediaType);
            Assert.Equal("nosniff", response.Headers.GetValues("X-Content-Type-Options").Single());
            var problem = await ReadAsync(response);
            Assert.Equal(code, problem.GetProperty("code").GetString());
            Assert.Equal(status, problem.GetProperty("status").GetInt32());
            Assert.NotEmpty(problem.GetProperty("title").GetString()!);
            Assert.NotEmpty(problem.GetProperty("detail").GetString()!);
            Assert.NotEmpty(problem.GetProperty("type").GetString()!);
            Assert.DoesNotContain("   at ", text, StringComparison.Ordinal);
            return problem;
        }
    }

    public static async Task OkAsync(HttpResponseMessage response, string status, string eventId)
    {
        using (response)
        {
            Assert.Equal(HttpStatusCode.OK, response.StatusCode);
            var body = await ReadAsync(response);
            Assert.Equal(status, body.GetProperty("status").GetString());
            Assert.Equal(eventId, body.GetProperty("event_id").GetString());
        }
    }
}
