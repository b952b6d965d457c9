namespace ClaudeDrive.AspNetCore.Api;

/// <summary>What the receiver answers.</summary>
internal sealed record ReceiptDto(string Status, string EventId);
