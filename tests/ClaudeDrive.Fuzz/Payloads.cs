using System.Text;

namespace ClaudeDrive.Fuzz;

/// <summary>The payloads of the tests, as seeds.</summary>
internal static class Payloads
{
    /// <summary>All of them, in the order of their names.</summary>
    public static IReadOnlyList<byte[]> All { get; } =
    [
        .. Directory.GetFiles(Path.Combine(AppContext.BaseDirectory, "Payloads"), "*.json", SearchOption.AllDirectories)
            .Order(StringComparer.Ordinal).Select(File.ReadAllBytes),
    ];

    /// <summary>Texts as bytes.</summary>
    public static IReadOnlyList<byte[]> Texts(params string[] texts) => [.. texts.Select(Encoding.UTF8.GetBytes)];
}
