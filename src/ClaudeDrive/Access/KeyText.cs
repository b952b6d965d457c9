using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace ClaudeDrive.Access;

/// <summary>The form of API keys: <c>cd_</c> and 32 random bytes in base64url.</summary>
internal static class KeyText
{
    /// <summary>Bytes that are drawn: nobody guesses 256 bits.</summary>
    public const int RandomBytes = 32;

    /// <summary>Characters of a key that are shown again: the form's name and 42 of the 256 bits, too few to guess the rest by.</summary>
    public const int PrefixChars = 10;

    private const string Start = "cd_";
    private const int Chars = 46;

    /// <summary>Draws a key.</summary>
    public static string Make() => Start + Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(RandomBytes));

    /// <summary>True for text that can be a key: what cannot is not even looked up.</summary>
    public static bool IsForm(string text) => text.Length == Chars && text.StartsWith(Start, StringComparison.Ordinal);

    /// <summary>SHA-256 of the key's text.</summary>
    public static byte[] Hash(string key) => SHA256.HashData(Encoding.UTF8.GetBytes(key));

    /// <summary>What may be shown of a key.</summary>
    public static string PrefixOf(string key) => key[..PrefixChars];

    /// <summary>A new id with this prefix: 64 random bits keep any number of them apart, over restarts and nodes.</summary>
    public static string MakeId(string prefix) => $"{prefix}_{Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(8))}";
}
