using Microsoft.AspNetCore.Http;

namespace ClaudeDrive.AspNetCore.Access;

/// <summary>Who makes a request, once proven.</summary>
/// <param name="Name">Name for records of who did what.</param>
/// <param name="Role">What the caller may do.</param>
/// <param name="Proof">How it was proven; now always <see cref="AdminKeyProof"/>.</param>
internal sealed record Caller(string Name, CallerRole Role, string Proof)
{
    /// <summary>The first administrator's key.</summary>
    public const string AdminKeyProof = "admin_key";

    /// <summary>The administrator.</summary>
    public static Caller Administrator { get; } = new("admin", CallerRole.Admin, AdminKeyProof);

    /// <summary>The caller of a request behind an access rule. Throws when the route has none: a mistake of ours.</summary>
    public static Caller Of(HttpContext context) =>
        context.Features.Get<Caller>() ?? throw new InvalidOperationException("The route did not ask who calls.");
}
