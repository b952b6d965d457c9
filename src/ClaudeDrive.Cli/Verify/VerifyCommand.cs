using System.CommandLine;
using System.Text.Json;
using System.Text.Json.Nodes;
using ClaudeDrive.Cli.Output;
using ClaudeDrive.Cli.Running;
using Spectre.Console;

namespace ClaudeDrive.Cli.Verify;

/// <summary><c>verify</c>: examines one delivery without a server and says which check passes or fails, and why.</summary>
internal static class VerifyCommand
{
    public static Command Create(CliContext context, ISignatureDoctor doctor)
    {
        var secretFile = new Option<string>("--secret-file")
        {
            Description = "File with the endpoint's signing secret; several lines are several secrets",
            HelpName = "FILE",
            Required = true,
        };
        var headers = new Option<string?>("--headers")
        {
            Description = "File with the delivery's headers, a line each: Name: value",
            HelpName = "FILE",
        };
        var id = new Option<string?>("--id") { Description = "Value of webhook-id", HelpName = "ID" };
        var timestamp = new Option<string?>("--timestamp") { Description = "Value of webhook-timestamp", HelpName = "SECONDS" };
        var signature = new Option<string?>("--signature") { Description = "Value of webhook-signature", HelpName = "SIGNATURE" };
        var now = new Option<string?>("--now")
        {
            Description = "The time to measure freshness from: unix seconds or RFC 3339 (default: now)",
            HelpName = "TIME",
        };
        var json = Verb.JsonOption();
        var command = new Command("verify", "Examine a webhook's signature offline; the body comes from standard input")
        {
            secretFile, id, timestamp, signature, headers, now, json,
        };
        return command.Runs(context, async run =>
        {
            var input = new SignatureInput
            {
                Secrets = await VerifyInputs.SecretsAsync(run.Get(secretFile)!, run.Stop),
                Headers = Override(
                    run.Get(headers) is { } file ? await VerifyInputs.HeadersAsync(file, run.Stop) : [],
                    (DeliveryHeaders.StandardPrefix + "id", run.Get(id)),
                    (DeliveryHeaders.StandardPrefix + "timestamp", run.Get(timestamp)),
                    (DeliveryHeaders.StandardPrefix + "signature", run.Get(signature))),
                Now = VerifyInputs.Now(run.Get(now), run.Now),
                Body = await VerifyInputs.BodyAsync(context.Host, run.Stop),
            };
            var diagnosis = doctor.Examine(input);
            Report(run, diagnosis, run.Get(json));
            return diagnosis.Code is null ? ExitCode.Done : ExitCode.Failed;
        });
    }

    /// <summary>What stands on the command line wins over the file.</summary>
    private static List<KeyValuePair<string, string>> Override(
        IReadOnlyList<KeyValuePair<string, string>> fromFile, params ReadOnlySpan<(string Name, string? Value)> given)
    {
        var headers = fromFile.ToList();
        foreach (var (name, value) in given)
        {
            if (value is not null)
            {
                headers.RemoveAll(header => string.Equals(header.Key, name, StringComparison.OrdinalIgnoreCase));
                headers.Add(new(name, value));
            }
        }

        return headers;
    }

    private static void Report(CliRun run, SignatureDiagnosis diagnosis, bool json)
    {
        if (json)
        {
            run.Out.Json(new JsonObject
            {
                ["valid"] = diagnosis.Code is null,
                ["code"] = diagnosis.Code,
                ["checks"] = new JsonArray([.. diagnosis.Checks.Select(check => (JsonNode)new JsonObject
                {
                    ["check"] = check.Name,
                    ["passed"] = check.Passed,
                    ["explanation"] = check.Explanation,
                })]),
            }.ToJsonString());
            return;
        }

        var grid = new Grid();
        grid.AddColumn(new GridColumn { NoWrap = true, Padding = new Padding(0, 0, 2, 0) });
        grid.AddColumn(new GridColumn { NoWrap = true, Padding = new Padding(0, 0, 2, 0) });
        grid.AddColumn(new GridColumn { Padding = new Padding(0, 0, 0, 0) });
        foreach (var check in diagnosis.Checks)
        {
            var (mark, style) = check.Passed switch
            {
                true => ("pass", Styles.Good),
                false => ("FAIL", Styles.Bad),
                null => ("  - ", Styles.Faint),
            };
            grid.AddRow(new Text(mark, style), new Text(check.Name, Styles.Strong), new Text(UntrustedText.Line(check.Explanation)));
        }

        run.Out.Layout(grid);
        run.Out.Blank();
        run.Out.Line(diagnosis.Code is null
            ? new Piece("valid: the receiver would answer 200", Styles.Good)
            : new Piece($"not valid: {diagnosis.Code}", Styles.Bad));
    }
}
