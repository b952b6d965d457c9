using System.Diagnostics;
using System.Text.Json.Nodes;
using Xunit;

namespace ClaudeDrive.Server.Tests.Simulator;

/// <summary>Runs the scripts of <c>tests/ClaudeDrive.Server.Tests/Node</c>; installs their packages once when they are missing.</summary>
internal static class NodeScripts
{
    private static readonly SemaphoreSlim Installing = new(1);

    /// <summary>Runs one script and returns the JSON document it prints. Fails with its error output otherwise.</summary>
    public static async Task<JsonObject> RunAsync(string script, params string[] arguments)
    {
        var folder = Folder();
        await InstallAsync(folder);
        return JsonNode.Parse(await ExecuteAsync("node", folder, [script, .. arguments]))!.AsObject();
    }

    private static async Task InstallAsync(string folder)
    {
        var token = TestContext.Current.CancellationToken;
        await Installing.WaitAsync(token);
        try
        {
            // The file is the lock against other test processes; whoever waits finds the packages in place.
            await using var held = await LockAsync(Path.Combine(folder, ".install.lock"), token);
            if (!File.Exists(Path.Combine(folder, "node_modules", ".package-lock.json")))
            {
                await ExecuteAsync("npm", folder, ["ci", "--no-audit", "--no-fund"]);
            }
        }
        finally
        {
            Installing.Release();
        }
    }

    private static async Task<FileStream> LockAsync(string path, CancellationToken token)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(200));
        while (true)
        {
            try
            {
                return new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, 1, FileOptions.DeleteOnClose);
            }
            catch (IOException)
            {
                await timer.WaitForNextTickAsync(token);
            }
        }
    }

    private static async Task<string> ExecuteAsync(string program, string folder, string[] arguments)
    {
        var start = new ProcessStartInfo(program) { WorkingDirectory = folder, RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var argument in arguments)
        {
            start.ArgumentList.Add(argument);
        }

        using var process = Launch(start);
        using var patience = new CancellationTokenSource(SimulatorFixtures.Patience);
        using var linked = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, TestContext.Current.CancellationToken);
        try
        {
            var output = process.StandardOutput.ReadToEndAsync(linked.Token);
            var errors = process.StandardError.ReadToEndAsync(linked.Token);
            await process.WaitForExitAsync(linked.Token);
            Assert.True(process.ExitCode == 0, $"{program} {string.Join(' ', arguments)} ended with {process.ExitCode}:\n{await errors}");
            return await output;
        }
        finally
        {
            if (!process.HasExited)
            {
                process.Kill(entireProcessTree: true);
            }
        }
    }

    private static Process Launch(ProcessStartInfo start)
    {
        try
        {
            return Process.Start(start)!;
        }
        catch (System.ComponentModel.Win32Exception error)
        {
            throw new InvalidOperationException($"'{start.FileName}' was not found. These tests need Node.js 20 or later with npm on the PATH.", error);
        }
    }

    private static string Folder()
    {
        for (var directory = new DirectoryInfo(AppContext.BaseDirectory); directory is not null; directory = directory.Parent)
        {
            var candidate = Path.Combine(directory.FullName, "tests", "ClaudeDrive.Server.Tests", "Node");
            if (File.Exists(Path.Combine(candidate, "package.json")))
            {
                return candidate;
            }
        }

        throw new InvalidOperationException("tests/ClaudeDrive.Server.Tests/Node was not found above " + AppContext.BaseDirectory);
    }
}
