using System.Net.Http.Headers;
using System.Text.Json;

namespace ClaudeDrive.Benchmarks.Whole.Subjects;

/// <summary>Reads the JSON API of a running product.</summary>
internal sealed class DriveApi : IDisposable
{
    /// <summary>Rows of a page: the API's most.</summary>
    private const int PageSize = 200;

    private readonly HttpClient _http;

    public DriveApi(int port)
    {
        _http = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{port}/api/v1/") };
        _http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", ProductSubject.AdminKey);
    }

    /// <summary>Events that no look has closed yet.</summary>
    public async Task<long> PendingAsync(CancellationToken cancellationToken)
    {
        using var stats = await GetAsync("stats", cancellationToken);
        return stats.RootElement.GetProperty("events").GetProperty("pending").GetInt64();
    }

    /// <summary>Every row of a list.</summary>
    public async IAsyncEnumerable<JsonElement> ListAsync(
        string route, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
    {
        string? cursor = null;
        do
        {
            using var page = await GetAsync($"{route}?limit={PageSize}{(cursor is null ? "" : $"&cursor={Uri.EscapeDataString(cursor)}")}", cancellationToken);
            foreach (var row in page.RootElement.GetProperty("data").EnumerateArray())
            {
                yield return row.Clone();
            }

            cursor = page.RootElement.GetProperty("next_cursor").GetString();
        }
        while (cursor is not null);
    }

    /// <inheritdoc/>
    public void Dispose() => _http.Dispose();

    private async Task<JsonDocument> GetAsync(string route, CancellationToken cancellationToken)
    {
        await using var body = await _http.GetStreamAsync(new Uri(route, UriKind.Relative), cancellationToken);
        return await JsonDocument.ParseAsync(body, default, cancellationToken);
    }
}
