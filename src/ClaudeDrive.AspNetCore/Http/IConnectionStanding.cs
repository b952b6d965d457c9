using Microsoft.AspNetCore.Http;

namespace ClaudeDrive.AspNetCore.Http;

/// <summary>What a connection has proven, as a feature of it. Absent where the host keeps no account of connections.</summary>
internal interface IConnectionStanding
{
    /// <summary>Somebody who may call used this connection: it is not closed for others any more. Cheap; may be called for every request.</summary>
    void Prove();

    /// <summary>Says so for the connection of a request.</summary>
    static void Prove(HttpContext context) => context.Features.Get<IConnectionStanding>()?.Prove();
}
