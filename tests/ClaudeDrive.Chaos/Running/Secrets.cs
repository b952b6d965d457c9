using System.Text;

namespace ClaudeDrive.Chaos.Running;

/// <summary>What must never be seen in a log. Drawn from the seed: nothing but this run answers to them.</summary>
internal sealed class Secrets
{
    public Secrets(int seed)
    {
        var random = new Random(seed);
        Signing = "whsec_" + Convert.ToBase64String(Draw(random, 32));
        Claude = "sk-chaos-" + Convert.ToHexStringLower(Draw(random, 16));
        Administrator = "cd_chaos_" + Convert.ToHexStringLower(Draw(random, 16));
        Database = "pw-chaos-" + Convert.ToHexStringLower(Draw(random, 12));
    }

    /// <summary>The signing secret of the endpoint.</summary>
    public string Signing { get; }

    /// <summary>The key for the Claude API.</summary>
    public string Claude { get; }

    /// <summary>The administrator's API key.</summary>
    public string Administrator { get; }

    /// <summary>The password in the connection string.</summary>
    public string Database { get; }

    /// <summary>All of them, as they could appear.</summary>
    public IReadOnlyCollection<string> All => [Signing["whsec_".Length..], Claude, Administrator, Database, Convert.ToBase64String(Encoding.UTF8.GetBytes(Claude))];

    private static byte[] Draw(Random random, int length)
    {
        var bytes = new byte[length];
        random.NextBytes(bytes);
        return bytes;
    }
}
