namespace ClaudeDrive.AspNetCore.Http;

/// <summary>What an id or a filter value may be made of.</summary>
internal static class PlainText
{
    /// <summary>True for text of 1 to <paramref name="maxChars"/> characters without control characters and unpaired surrogates.</summary>
    public static bool IsPlain(string text, int maxChars)
    {
        if (text.Length == 0 || text.Length > maxChars)
        {
            return false;
        }

        foreach (var rune in text.EnumerateRunes())
        {
            // Unpaired surrogates and bytes that are no UTF-8 arrive as the replacement character.
            if (rune.Value == 0xFFFD || System.Text.Rune.IsControl(rune))
            {
                return false;
            }
        }

        return true;
    }
}
