using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using ClaudeDrive.Access;
using ClaudeDrive.Diagnostics;
using ClaudeDrive.Storage;
using Microsoft.Extensions.Configuration;

namespace ClaudeDrive.AspNetCore.Access;

/// <summary>
/// The first administrator's API key. Set by <see cref="SettingName"/>, else made once and kept as a hash in the store's settings. Only the
/// hash stays in memory; keys are compared by their hashes, in constant time.
/// </summary>
internal sealed class AdminKey(IDriveStore store, IConfiguration configuration) : ICallerSource
{
    /// <summary>The configuration key that sets it.</summary>
    public const string SettingName = "ClaudeDrive:AdminKey";

    /// <summary>The store setting that holds the SHA-256 of a key that was made, lower-case hex.</summary>
    public const string StoreSetting = "admin_key_sha256";

    /// <summary>Shortest key that configuration may set, in characters: 16 random ones cannot be guessed over a network.</summary>
    public const int MinChars = 16;

    /// <summary>Longest key looked at; a longer one is no key.</summary>
    public const int MaxChars = 512;

    private volatile byte[]? _hash;

    /// <summary>Makes a key when there is none yet; returns it this once, else null. Throws <see cref="DriveStoreException"/>.</summary>
    public async ValueTask<string?> EnsureAsync(CancellationToken cancellationToken)
    {
        if (await FindHashAsync(cancellationToken) is { } known)
        {
            _hash = known;
            return null;
        }

        var key = "cd_" + Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(32));
        var hash = SHA256.HashData(Encoding.UTF8.GetBytes(key));
        var hex = Convert.ToHexStringLower(hash);
        var held = await store.AddSettingAsync(StoreSetting, hex, cancellationToken);
        _hash = Convert.FromHexString(held);
        return held == hex ? key : null; // Another node that starts at the same time was faster, and shows its key.
    }

    /// <summary>The administrator, when <paramref name="key"/> is theirs. Throws <see cref="DriveStoreException"/>.</summary>
    public async ValueTask<Caller?> FindAsync(string key, CancellationToken cancellationToken)
    {
        if (key.Length is 0 or > MaxChars)
        {
            return null;
        }

        var expected = _hash ??= await FindHashAsync(cancellationToken);
        return expected is not null && CryptographicOperations.FixedTimeEquals(SHA256.HashData(Encoding.UTF8.GetBytes(key)), expected)
            ? Caller.Administrator
            : null;
    }

    private async ValueTask<byte[]?> FindHashAsync(CancellationToken cancellationToken)
    {
        if (configuration[SettingName] is { Length: > 0 } configured)
        {
            return SHA256.HashData(Encoding.UTF8.GetBytes(configured));
        }

        return await store.FindSettingAsync(StoreSetting, cancellationToken) is { } hex ? Convert.FromHexString(hex) : null;
    }
}
