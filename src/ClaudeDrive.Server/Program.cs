using ClaudeDrive.Server;

try
{
    var app = ServerHost.Build(new ServerOptions
    {
        Arguments = args,
        LogFormat = Console.IsOutputRedirected ? LogFormat.Json : LogFormat.Readable,
    });
    await app.RunAsync();
    return 0;
}
catch (ServerSettingsException e)
{
    foreach (var problem in e.Problems)
    {
        await Console.Error.WriteLineAsync(problem);
    }

    return 2;
}
