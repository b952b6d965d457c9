using Microsoft.Extensions.DependencyInjection;

namespace ClaudeDrive.Hosting;

/// <summary>What <c>AddClaudeDrive</c> returns: stores, handlers and tools add themselves to it by extension methods.</summary>
public interface IClaudeDriveBuilder
{
    /// <summary>The host's services.</summary>
    IServiceCollection Services { get; }
}
