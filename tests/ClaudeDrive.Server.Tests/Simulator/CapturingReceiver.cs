using System.Collections.Concurrent;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Xunit;

namespace ClaudeDrive.Server.Tests.Simulator;

/// <summary>A receiver on a free loopback port that keeps every delivery and answers as told.</summary>
internal sealed class CapturingReceiver : IAsyncDisposable
{
    private readonly WebApplication _app;

    private CapturingReceiver(WebApplication app) => _app = app;

    /// <summary>Where to deliver.</summary>
    public Uri Url => new(_app.Urls.First() + "/webhooks/claude");

    /// <summary>Everything that arrived, in order of arrival.</summary>
    public ConcurrentQueue<CapturedDelivery> Deliveries { get; } = new();

    /// <summary>Chooses the status for a delivery; 200 by default.</summary>
    public Func<CapturedDelivery, int> Status { get; set; } = _ => 200;

    public static async Task<CapturingReceiver> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        var app = builder.Build();
        app.Urls.Add("http://127.0.0.1:0");
        var receiver = new CapturingReceiver(app);
        app.Run(receiver.ReceiveAsync);
        await app.StartAsync(TestContext.Current.CancellationToken);
        return receiver;
    }

    public async ValueTask DisposeAsync()
    {
        await _app.StopAsync(CancellationToken.None);
        await _app.DisposeAsync();
    }

    private async Task ReceiveAsync(HttpContext context)
    {
        using var buffer = new MemoryStream();
        await context.Request.Body.CopyToAsync(buffer, context.RequestAborted);
        var headers = context.Request.Headers.ToDictionary(pair => pair.Key, pair => pair.Value.ToString(), StringComparer.OrdinalIgnoreCase);
        var delivery = new CapturedDelivery(context.Request.Path, headers, buffer.ToArray());
        Deliveries.Enqueue(delivery);
        context.Response.StatusCode = Status(delivery);
        if (context.Response.StatusCode is >= 300 and < 400)
        {
            context.Response.Headers.Location = "/elsewhere";
        }
    }
}
