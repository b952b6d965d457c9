namespace ClaudeDrive.Hydration;

/// <summary>One JSON answer of the Claude API, as received.</summary>
/// <param name="Json">The body, UTF-8.</param>
/// <param name="RequestId">Claude's request id; empty when it sent none.</param>
/// <param name="OrganizationId">As the answer's header named it; null when absent.</param>
/// <param name="WorkspaceId">Likewise.</param>
internal sealed record ApiObject(ReadOnlyMemory<byte> Json, string RequestId, string? OrganizationId, string? WorkspaceId);

/// <summary>A list read to its end.</summary>
/// <param name="Items">The elements as received, in the API's order.</param>
/// <param name="RequestIds">One per page.</param>
/// <param name="PageEnds">For each page, how many elements there are up to its end.</param>
internal sealed record ApiList(IReadOnlyList<System.Text.Json.JsonElement> Items, IReadOnlyList<string> RequestIds, IReadOnlyList<int> PageEnds)
{
    /// <summary>The request that brought the element at <paramref name="index"/>.</summary>
    public string RequestIdOf(int index) => RequestIds[PageEnds.TakeWhile(end => end <= index).Count()];
}
