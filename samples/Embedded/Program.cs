using ClaudeDrive.AspNetCore;
using ClaudeDrive.Hosting;
using ClaudeDrive.Sqlite;

// Settings: ANTHROPIC_API_KEY, ANTHROPIC_WEBHOOK_SIGNING_KEY and, for another API than Claude's own, ANTHROPIC_BASE_URL.
var builder = WebApplication.CreateBuilder(args);

builder.Services.AddClaudeDrive()
    .UseSqlite(store => store.DataDirectory = builder.Configuration["DataDirectory"] ?? "claudedrive-data")
    .OnSessionChanged("print", (change, cancellationToken) =>
    {
        Console.WriteLine($"{change.Resource.Id} revision {change.Revision}: {change.Status} {change.Triage}");
        foreach (var waiting in change.Blockers)
        {
            Console.WriteLine($"  waits on {waiting.Kind} {waiting.ToolName}");
        }

        return ValueTask.CompletedTask;
    });

var app = builder.Build();
app.MapClaudeDriveWebhooks();
app.Run();
