namespace ClaudeDrive.Server;

/// <summary>A setting that holds several values: one text with commas, semicolons or spaces between them, or a list.</summary>
internal static class ListSetting
{
    private static readonly char[] Separators = [',', ';', ' '];

    /// <summary>The values in order; empty when nothing is set.</summary>
    public static IReadOnlyList<string> Read(IConfiguration configuration, string key)
    {
        var section = configuration.GetSection(key);
        return
        [
            .. section.GetChildren().Select(static child => child.Value).Prepend(section.Value)
                .SelectMany(static text => (text ?? string.Empty).Split(Separators, StringSplitOptions.RemoveEmptyEntries)),
        ];
    }
}
