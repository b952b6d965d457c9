using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using ClaudeDrive.Cli.Running;

namespace ClaudeDrive.Cli.Reviews;

/// <summary>Makes the body of <c>POST reviews/{id}/answer</c> from the options.</summary>
internal static partial class AnswerBody
{
    /// <summary>Throws <see cref="CliException"/> (wrong usage) for a value that cannot be sent.</summary>
    public static string Build(CliRun run, AnswerOptions options)
    {
        var body = Answer(run, options);
        AddText(body, "note", run.Get(options.Note));
        AddText(body, "expected_input_hash", run.Get(options.ExpectedInputHash));
        return body.ToJsonString();
    }

    private static JsonObject Answer(CliRun run, AnswerOptions options)
    {
        if (run.Has(options.Result))
        {
            return Result(JsonValue.Create(run.Get(options.Result)), run.Get(options.IsError));
        }

        if (run.Has(options.ResultJson))
        {
            return Result(Content(run.Get(options.ResultJson)!), run.Get(options.IsError));
        }

        if (run.Has(options.Deny))
        {
            var deny = new JsonObject { ["type"] = "deny" };
            AddText(deny, "message", run.Get(options.Deny));
            return deny;
        }

        if (run.Has(options.Message))
        {
            return new JsonObject { ["type"] = "message", ["text"] = Spoken(run.Get(options.Message)) };
        }

        if (run.Has(options.Budget))
        {
            return new JsonObject { ["type"] = "budget", ["amount"] = Amount(run.Get(options.Budget)!) };
        }

        return new JsonObject { ["type"] = run.Has(options.Allow) ? "allow" : "interrupt" };
    }

    private static JsonObject Result(JsonNode? content, bool isError)
    {
        return new JsonObject { ["type"] = "result", ["content"] = content, ["is_error"] = isError };
    }

    private static JsonNode? Content(string json)
    {
        try
        {
            var value = JsonNode.Parse(json);
            var blocks = value is JsonArray list && list.Count > 0
                && list.All(item => item is JsonObject block && block["type"] is JsonValue type && type.GetValueKind() == JsonValueKind.String);
            return blocks ? value : JsonValue.Create(value?.ToJsonString() ?? "null");
        }
        catch (JsonException)
        {
            throw CliException.Usage("--result-json is not JSON", "give plain text with --result");
        }
    }

    private static string? Amount(string text)
    {
        if (text == "none")
        {
            return null;
        }

        return AmountPattern().IsMatch(text) ? text : throw CliException.Usage($"--budget '{text}' is neither an amount nor none", "give one like 2500");
    }

    private static string Spoken(string? text)
    {
        return string.IsNullOrWhiteSpace(text) ? throw CliException.Usage("--message needs a text") : text;
    }

    private static void AddText(JsonObject body, string name, string? text)
    {
        if (!string.IsNullOrEmpty(text))
        {
            body[name] = text;
        }
    }

    [GeneratedRegex(@"\A[0-9]{1,15}(\.[0-9]{1,6})?\z")]
    private static partial Regex AmountPattern();
}
