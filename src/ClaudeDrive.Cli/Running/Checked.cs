using System.CommandLine;
using System.Globalization;
using System.Numerics;

namespace ClaudeDrive.Cli.Running;

/// <summary>Options whose values have a range or a form; a wrong one is a usage error that says what is right.</summary>
internal static class Checked
{
    public const int LargestPort = 65535;

    public static Option<T> Number<T>(string name, string description, T? initial, T smallest, T largest, string helpName = "N")
        where T : struct, INumber<T>
    {
        var option = new Option<T>(name) { Description = description, HelpName = helpName };
        if (initial is { } value)
        {
            option.DefaultValueFactory = _ => value;
        }

        // Parsed here, so that the message names the range and not a .NET type.
        option.CustomParser = result =>
        {
            if (T.TryParse(result.Tokens[0].Value, NumberStyles.Float & ~NumberStyles.AllowExponent, CultureInfo.InvariantCulture, out var number)
                && number >= smallest && number <= largest)
            {
                return number;
            }

            result.AddError(string.Create(CultureInfo.InvariantCulture, $"{name} '{result.Tokens[0].Value}' is not a number from {smallest} to {largest}."));
            return default;
        };
        return option;
    }

    /// <summary>A whole number that may be left out, also behind the option's name when the arity allows it: then it is null.</summary>
    public static Option<int?> OptionalNumber(string name, string description, int smallest, int largest, string helpName = "N")
    {
        return new Option<int?>(name)
        {
            Description = description,
            HelpName = helpName,
            CustomParser = result =>
            {
                if (result.Tokens.Count == 0)
                {
                    return null;
                }

                if (int.TryParse(result.Tokens[0].Value, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number)
                    && number >= smallest && number <= largest)
                {
                    return number;
                }

                result.AddError(largest == int.MaxValue
                    ? $"{name} '{result.Tokens[0].Value}' is not a number of at least {smallest}."
                    : $"{name} '{result.Tokens[0].Value}' is not a number from {smallest} to {largest}.");
                return null;
            },
        };
    }

    /// <summary>Addresses to listen on, separated by semicolons: http or https, with a host, without a path.</summary>
    public static Option<string> ListenUrls(string initial)
    {
        var option = new Option<string>("--urls")
        {
            Description = "Address to listen on; several are separated by semicolons",
            HelpName = "URL",
            DefaultValueFactory = _ => initial,
        };
        option.Validators.Add(result =>
        {
            foreach (var token in result.Tokens)
            {
                if (SplitUrls(token.Value) is var urls && (urls.Length == 0 || urls.Any(url => !IsListenUrl(url))))
                {
                    result.AddError($"--urls '{token.Value}' is not an address to listen on, such as {initial}.");
                }
            }
        });
        return option;
    }

    /// <summary>An address to send to: absolute, http or https, without credentials.</summary>
    public static void SendUrl(Option<string?> option)
    {
        option.Validators.Add(result =>
        {
            foreach (var token in result.Tokens)
            {
                if (!Uri.TryCreate(token.Value, UriKind.Absolute, out var url) || url.Scheme is not ("http" or "https") || url.UserInfo.Length > 0)
                {
                    result.AddError($"{option.Name} is not an http or https address without credentials.");
                }
            }
        });
    }

    public static string[] SplitUrls(string urls) => urls.Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);

    private static bool IsListenUrl(string url)
    {
        // Kestrel takes '*' and '+' for any address, which is no host name to Uri.
        var plain = url.Replace("://*", "://any", StringComparison.Ordinal).Replace("://+", "://any", StringComparison.Ordinal);
        return Uri.TryCreate(plain, UriKind.Absolute, out var parsed) && parsed.Scheme is ("http" or "https")
            && parsed.AbsolutePath == "/" && parsed.UserInfo.Length == 0 && parsed.Query.Length == 0;
    }
}
