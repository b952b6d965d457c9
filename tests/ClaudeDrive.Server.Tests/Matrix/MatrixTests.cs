using System.Net.Http.Headers;
using System.Text;
using ClaudeDrive.Inbox;
using ClaudeDrive.Server.Tests.Running;
using ClaudeDrive.Sqlite;
using ClaudeDrive.Storage;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace ClaudeDrive.Server.Tests.Matrix;

/// <summary>
/// Every route of the served document × every caller × every scope: the status is the expected one, nothing foreign is in any answer, and what is read
/// reads exactly as if the foreign half of the world were not there. A route that the document has and no recipe knows fails.
/// </summary>
public sealed class MatrixTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Call_EveryRouteCallerAndScope_ShowsOnlyWhatIsOwn(bool isSqlite)
    {
        var directory = Directory.CreateTempSubdirectory("claudedrive-matrix-");
        try
        {
            await using var world = await StartAsync(isSqlite ? Path.Combine(directory.FullName, "world") : null);
            await using var half = await StartAsync(isSqlite ? Path.Combine(directory.FullName, "half") : null);
            await world.World.BuildAsync(withForeign: true);
            await half.World.BuildAsync(withForeign: false);
            var recipes = await RecipesAsync(world.World);
            var report = new MatrixReport();
            await CompareAsync(world.World, half.World, recipes, report);
            await CheckAsync(world.World, recipes, report);

            TestContext.Current.TestOutputHelper?.WriteLine($"{recipes.Count} routes, {report}");
            Assert.Empty(report.Wrong);
            Assert.True(report.Cells >= recipes.Count * 7, $"Only {report.Cells} cells were looked at.");
        }
        finally
        {
            directory.Delete(recursive: true);
        }
    }

    /// <summary>The recipes in the order of the document: one for each route and no other.</summary>
    private static async Task<IReadOnlyList<MatrixRecipe>> RecipesAsync(MatrixWorld world)
    {
        var document = await world.Server.GetAsync("/openapi/v1.json");
        var routes = document.GetProperty("paths").EnumerateObject()
            .SelectMany(static path => path.Value.EnumerateObject().Select(method => $"{method.Name.ToUpperInvariant()} {path.Name}"))
            .ToList();
        var known = MatrixRecipes.All.Select(static recipe => recipe.Route).ToList();
        Assert.Empty(routes.Except(known));
        Assert.Equal(known.Distinct().Count(), known.Count);
        return [.. MatrixRecipes.All.Where(recipe => routes.Contains(recipe.Route))];
    }

    /// <summary>What scoped callers read must not depend on what is foreign: byte for byte the same with and without.</summary>
    private static async Task CompareAsync(MatrixWorld world, MatrixWorld half, IReadOnlyList<MatrixRecipe> recipes, MatrixReport report)
    {
        foreach (var recipe in recipes.Where(static recipe => recipe is { Needs: not null, OverEverything: false, IsStream: false }
            && recipe.Route.StartsWith("GET ", StringComparison.Ordinal) && !recipe.Route.Contains("team", StringComparison.Ordinal)))
        {
            foreach (var scope in recipe.Scopes)
            {
                foreach (var (caller, twin) in world.Callers.Zip(half.Callers).Where(static pair => !pair.First.IsRoot))
                {
                    var with = await SendAsync(world, recipe, caller, await recipe.Call(world, scope));
                    var without = await SendAsync(half, recipe, twin, await recipe.Call(half, scope));
                    report.Compare(recipe, caller, scope, with, without);
                }
            }
        }
    }

    private static async Task CheckAsync(MatrixWorld world, IReadOnlyList<MatrixRecipe> recipes, MatrixReport report)
    {
        // Whoever sees everything comes last: until then nobody may have touched anything foreign.
        foreach (var caller in world.Callers.OrderBy(static caller => caller.IsRoot))
        {
            foreach (var recipe in recipes)
            {
                foreach (var scope in recipe.Scopes)
                {
                    var call = await recipe.Call(world, scope);
                    var before = caller.IsRoot ? "" : await world.ReadForeignAsync();
                    var answer = await SendAsync(world, recipe, caller, call);
                    report.Check(recipe, caller, scope, answer);
                    if (!caller.IsRoot && before != await world.ReadForeignAsync())
                    {
                        report.Add(recipe, caller, scope, "changed what is foreign");
                    }
                }
            }
        }
    }

    private static async Task<MatrixAnswer> SendAsync(MatrixWorld world, MatrixRecipe recipe, MatrixCaller caller, MatrixCall call)
    {
        using var request = new HttpRequestMessage(new HttpMethod(recipe.Route.Split(' ')[0]), call.Path);
        request.Headers.Authorization = caller.Key is null ? null : new AuthenticationHeaderValue("Bearer", caller.Key);
        request.Content = call.Body is null ? null : new StringContent(call.Body, Encoding.UTF8, "application/json");
        using var client = world.Server.NewClient();
        using var response = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, Token);
        var text = recipe.IsStream && response.IsSuccessStatusCode
            ? await ReadBeginningAsync(response)
            : await response.Content.ReadAsStringAsync(Token);
        return new MatrixAnswer((int)response.StatusCode, $"{response.Headers}{response.Content.Headers}", text);
    }

    /// <summary>All that lies in the stream's logs: it goes on with what is new only, and that is a heartbeat.</summary>
    private static async Task<string> ReadBeginningAsync(HttpResponseMessage response)
    {
        await using var stream = await response.Content.ReadAsStreamAsync(Token);
        var (buffer, text) = (new byte[64 * 1024], new StringBuilder());
        do
        {
            var read = await stream.ReadAsync(buffer, Token);
            text.Append(Encoding.UTF8.GetString(buffer, 0, read));
        }
        while (!text.ToString().EndsWith("\n\n", StringComparison.Ordinal));
        return text.ToString();
    }

    private static async Task<Halves> StartAsync(string? directory)
    {
        IDriveStore? sqlite = null;
        var time = new FakeTimeProvider(Vectors.Now);
        if (directory is not null)
        {
            sqlite = new SqliteDriveStore(new SqliteStoreOptions { DataDirectory = directory }, time, Coalescing.Default);
        }

        var server = await ServerUnderTest.StartAsync(wrap: store => sqlite ?? store, shared: time);
        return new Halves(server, sqlite, new MatrixWorld(server, sqlite ?? server.Store, time));
    }

    private sealed record Halves(ServerUnderTest Server, IDriveStore? Store, MatrixWorld World) : IAsyncDisposable
    {
        public async ValueTask DisposeAsync()
        {
            await Server.DisposeAsync();
            if (Store is not null)
            {
                await Store.DisposeAsync();
            }
        }
    }
}
