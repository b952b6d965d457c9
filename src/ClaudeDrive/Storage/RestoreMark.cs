using System.Globalization;

namespace ClaudeDrive.Storage;

/// <summary>
/// A setting that whoever restores a store from a backup writes into it: the highest number of a review item in the backup. What the store says of
/// those items may be older than what Claude has, so no answer of theirs is sent without looking first. A number, since clocks may differ.
/// </summary>
internal static class RestoreMark
{
    /// <summary>Name of the setting.</summary>
    public const string SettingName = "restored_reviews";

    /// <summary>Reads the setting; 0 when there is none. Throws <see cref="FormatException"/> for anything but a number.</summary>
    public static long Read(string? setting) => setting is null ? 0 : long.Parse(setting, NumberStyles.None, CultureInfo.InvariantCulture);
}
