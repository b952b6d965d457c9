using System.Globalization;
using ClaudeDrive.SecretScan;

// ClaudeDrive.SecretScan DIRECTORY...: looks for secrets in everything below; prints each place, never the secret. Exit 0 when there is none.
if (args.Length == 0)
{
    await Console.Error.WriteLineAsync("usage: ClaudeDrive.SecretScan DIRECTORY...");
    return 2;
}

var clean = true;
foreach (var directory in args)
{
    var (leaks, files, bytes) = SecretSearch.In(directory);
    foreach (var leak in leaks)
    {
        await Console.Out.WriteLineAsync(leak.ToString());
    }

    await Console.Out.WriteLineAsync(string.Create(
        CultureInfo.InvariantCulture, $"{directory}: {files} files, {bytes / 1_000_000.0:F1} MB, {leaks.Count} secrets found"));
    clean &= leaks.Count == 0 && files > 0;
}

return clean ? 0 : 1;
