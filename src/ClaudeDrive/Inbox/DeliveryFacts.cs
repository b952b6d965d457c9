namespace ClaudeDrive.Inbox;

/// <summary>What is recorded of a delivery attempt beside its outcome. Holds no header value, no signature and no secret.</summary>
/// <param name="RemoteIp">Address of the sender as the server saw it; null when unknown.</param>
/// <param name="BodyBytes">Size of the body in bytes.</param>
/// <param name="SecretId">Which secret matched; null when none did.</param>
/// <param name="Elapsed">Time from the first byte to handing over to the store; the commit itself is not in it.</param>
internal readonly record struct DeliveryFacts(string? RemoteIp, int BodyBytes, string? SecretId, TimeSpan Elapsed);
