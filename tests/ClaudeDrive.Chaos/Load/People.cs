using System.Collections.Concurrent;
using System.Globalization;
using System.Text.Json.Nodes;
using ClaudeDrive.Chaos.Front;
using ClaudeDrive.Cli;
using ClaudeDrive.Cli.Api;
using ClaudeDrive.Cli.Demo;
using ClaudeDrive.Cli.Output;

namespace ClaudeDrive.Chaos.Load;

/// <summary>Several people who look for open reviews and answer them, each at a random live node, and who remember what they were told.</summary>
internal sealed class People(Rotation rotation, string apiKey, int seed, TimeProvider time)
{
    /// <summary>More than one, so that two answer the same item at once.</summary>
    private const int Count = 3;

    /// <summary>How long a person waits before trying elsewhere. Chosen: shorter than a pause of a node.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(3);

    /// <summary>Most refusals that are kept: one is enough to fail.</summary>
    private const int MostRefusals = 20;

    private static readonly TimeSpan Break = TimeSpan.FromMilliseconds(150);

    private readonly ConcurrentDictionary<string, AnswerRecord> _answers = new(StringComparer.Ordinal);
    private readonly ConcurrentQueue<string> _refusals = new();
    private int _number;

    /// <summary>What nobody should ever be told: refusals that neither time nor somebody faster explains, each as a sentence.</summary>
    public IReadOnlyCollection<string> Refusals => _refusals;

    /// <summary>What was answered so far, by item.</summary>
    public IReadOnlyCollection<AnswerRecord> Answers => [.. _answers.Values];

    /// <summary>All of them at work, until cancelled.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        try
        {
            await Task.WhenAll(Enumerable.Range(0, Count).Select(person => WorkAsync(new Random(seed + person), cancellationToken)));
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // The run ends.
        }
    }

    private async Task WorkAsync(Random random, CancellationToken cancellationToken)
    {
        Dictionary<Uri, ApiClient> clients = [];
        try
        {
            while (true)
            {
                await Task.Delay(Break * (0.5 + random.NextDouble()), time, cancellationToken);
                if (rotation.Next() is [var node, ..])
                {
                    await LookAsync(ClientOf(clients, node), random, cancellationToken);
                }
            }
        }
        finally
        {
            foreach (var client in clients.Values)
            {
                client.Dispose();
            }
        }
    }

    private async Task LookAsync(ApiClient api, Random random, CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(Patience);
        try
        {
            var open = await OpenReviews.ListAsync(api, limit.Token);
            if (open.Count > 0)
            {
                var review = open[random.Next(open.Count)];
                await AnswerAsync(api, review.Text("review_id") ?? "", Body(review.Text("kind")), limit.Token);
            }
        }
        catch (Exception failed) when (failed is CliException { Passing: true } or OperationCanceledException && !cancellationToken.IsCancellationRequested)
        {
            // No answer: whether the node took it, nobody knows. The next look shows whether the item still waits.
        }
        catch (CliException refused)
        {
            if (_refusals.Count < MostRefusals)
            {
                _refusals.Enqueue(string.Create(CultureInfo.InvariantCulture, $"a person was refused with {refused.Code ?? "no code"}: {refused.Message}"));
            }
        }
    }

    private async Task AnswerAsync(ApiClient api, string reviewId, string body, CancellationToken cancellationToken)
    {
        Remember(reviewId, tries: 1, acknowledged: 0);
        if (await OpenReviews.AnswerAsync(api, reviewId, body, cancellationToken))
        {
            Remember(reviewId, tries: 0, acknowledged: 1);
        }
    }

    private void Remember(string reviewId, int tries, int acknowledged) => _answers.AddOrUpdate(
        reviewId,
        id => new AnswerRecord(id, tries, acknowledged),
        (_, known) => known with { Tries = known.Tries + tries, Acknowledged = known.Acknowledged + acknowledged });

    // Each answer is unlike every other, so that one cannot pass for another.
    private string Body(string? kind)
    {
        var body = JsonNode.Parse(DemoStory.Answer(kind))!.AsObject();
        body["note"] = string.Create(CultureInfo.InvariantCulture, $"answer {Interlocked.Increment(ref _number)} of this run");
        foreach (var field in (string[])["content", "text"])
        {
            if (body[field] is { } text)
            {
                body[field] = string.Create(CultureInfo.InvariantCulture, $"{text} ({_number})");
            }
        }

        return body.ToJsonString();
    }

    private ApiClient ClientOf(Dictionary<Uri, ApiClient> clients, Uri node)
    {
        if (!clients.TryGetValue(node, out var client))
        {
            clients[node] = client = new ApiClient(ServerAddress.From(node.ToString(), apiKey, static _ => null), time);
        }

        return client;
    }
}
