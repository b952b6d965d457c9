using System.Text.Json;
using ClaudeDrive.Cli.Api;
using ClaudeDrive.Cli.Output;

namespace ClaudeDrive.Cli.Demo;

/// <summary>What a person does with the list of open reviews: the demo, the crash tests and the chaos runs play that person.</summary>
internal static class OpenReviews
{
    /// <summary>The newest open items, at most 200. Throws <see cref="CliException"/> when the server does not answer.</summary>
    public static async Task<IReadOnlyList<JsonElement>> ListAsync(ApiClient api, CancellationToken cancellationToken)
    {
        var open = await api.GetAsync(ApiPath.WithQuery(ApiPath.Of("reviews"), [new("state", "open"), new("limit", "200")]), cancellationToken);
        return open.Root.Items("data");
    }

    /// <summary>
    /// Answers one item. True: the server acknowledged it, so the answer is durable. False: the session went on, or somebody was faster. Throws
    /// <see cref="CliException"/> for every other refusal and when no answer came: then nobody knows whether it was taken.
    /// </summary>
    public static async Task<bool> AnswerAsync(ApiClient api, string reviewId, string body, CancellationToken cancellationToken)
    {
        try
        {
            await api.PostAsync(ApiPath.Of("reviews", reviewId, "answer"), body, cancellationToken);
            return true;
        }
        catch (CliException moved) when (moved.Code is "session_moved_on" or "already_answered")
        {
            return false;
        }
    }
}
