using ClaudeDrive.AspNetCore.Access;
using ClaudeDrive.AspNetCore.Http;
using ClaudeDrive.AspNetCore.Receiver;
using ClaudeDrive.Hosting;
using ClaudeDrive.Inbox;
using ClaudeDrive.Storage;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace ClaudeDrive.AspNetCore;

/// <summary>Maps the receiver of webhooks.</summary>
public static class ClaudeDriveWebhooksEndpointRouteBuilderExtensions
{
    /// <summary>
    /// Receives Claude's webhooks at <paramref name="pattern"/> (endpoint <c>default</c>) and <paramref name="pattern"/><c>/{endpoint}</c>. Answers
    /// 200 only after the event is durable; a repeat is 200 too. Keep redirects and sign-in middleware off this path: one 3xx makes Claude disable
    /// the endpoint.
    /// </summary>
    /// <param name="endpoints">The application.</param>
    /// <param name="pattern">The path, without route parameters.</param>
    /// <returns>Adds conventions to both routes.</returns>
    /// <exception cref="InvalidOperationException"><c>AddClaudeDrive</c> was not called, or no store was chosen.</exception>
    public static IEndpointConventionBuilder MapClaudeDriveWebhooks(
        this IEndpointRouteBuilder endpoints, string pattern = "/webhooks/claude")
    {
        ArgumentNullException.ThrowIfNull(endpoints);
        ArgumentException.ThrowIfNullOrEmpty(pattern);
        var known = endpoints.ServiceProvider.GetRequiredService<IServiceProviderIsService>();
        if (!known.IsService(typeof(IDriveStore)) || !known.IsService(typeof(RejectionRecorder)))
        {
            throw new InvalidOperationException("Call AddClaudeDrive and choose a store before mapping the webhooks.");
        }

        var receiver = ActivatorUtilities.CreateInstance<WebhookReceiver>(
            endpoints.ServiceProvider, ActivatorUtilities.CreateInstance<ReceiptLog>(endpoints.ServiceProvider));
        var group = endpoints.MapGroup(string.Empty);
        group.Map(pattern, receiver.AnswerAsync).WithDisplayName("ClaudeDrive webhooks");
        group.Map($"{pattern.TrimEnd('/')}/{{endpoint}}", receiver.AnswerAsync).WithDisplayName("ClaudeDrive webhooks by endpoint");

        // ReceiptLog counts and times each delivery, by outcome; the framework's histogram would do so again.
        return group.DisableHttpMetrics().WithAccess(AccessRule.Everybody).WithMetadata(AnyHost.Instance);
    }
}
