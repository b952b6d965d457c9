using System.Net;
using ClaudeDrive.AspNetCore.Http;
using ClaudeDrive.Network;
using Microsoft.AspNetCore.Connections;

namespace ClaudeDrive.Server;

/// <summary>
/// Keeps the number of connections in bounds without refusing one that comes: beyond <paramref name="most"/> that have proven nothing, the oldest of the
/// address with most of them is closed. Somebody who opens connections and says nothing on them, or nothing true, pushes out their own. See ADR 0024.
/// </summary>
internal sealed class OpenConnections(int most)
{
    private readonly Crowd _unproven = new();

    /// <summary>Connections that have proven nothing yet.</summary>
    public int Unproven => _unproven.Count;

    /// <summary>Stands before everything else that is done with a connection.</summary>
    public ConnectionDelegate Wrap(ConnectionDelegate next) => async connection =>
    {
        using var standing = new Standing(_unproven.Enter(SourceGroup.Of((connection.RemoteEndPoint as IPEndPoint)?.Address), most, connection.Abort));
        connection.Features.Set<IConnectionStanding>(standing);
        await next(connection);
    };

    private sealed class Standing(IDisposable unproven) : IConnectionStanding, IDisposable
    {
        private bool _isProven;

        public void Prove()
        {
            // Two requests of one connection may both do this: leaving twice does no harm.
            if (!_isProven)
            {
                _isProven = true;
                unproven.Dispose();
            }
        }

        public void Dispose() => unproven.Dispose();
    }
}
