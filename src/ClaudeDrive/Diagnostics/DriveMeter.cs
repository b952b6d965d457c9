namespace ClaudeDrive.Diagnostics;

/// <summary>Name of the one meter; instruments are named <c>claudedrive.stage.thing</c>.</summary>
internal static class DriveMeter
{
    /// <summary>The meter's name.</summary>
    public const string Name = "ClaudeDrive";
}
