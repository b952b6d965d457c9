using Microsoft.Extensions.DependencyInjection;

namespace ClaudeDrive.Hosting;

/// <summary>Where the parts of ClaudeDrive are added to an application; everything else is an extension method.</summary>
public interface IClaudeDriveBuilder
{
    /// <summary>The application's services.</summary>
    IServiceCollection Services { get; }
}
