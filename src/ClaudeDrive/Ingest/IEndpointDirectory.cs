namespace ClaudeDrive.Ingest;

/// <summary>Knows the receiving endpoints. Asked on every request; never blocks and never throws.</summary>
internal interface IEndpointDirectory
{
    /// <summary>Name of the endpoint whose path has no name.</summary>
    const string DefaultName = "default";

    /// <summary>The endpoint of that name, ASCII case ignored; null when there is none, or none of its secrets can be used.</summary>
    WebhookEndpoint? Find(string name);
}
