using ClaudeDrive.Cli.Api;
using ClaudeDrive.Cli.Output;
using ClaudeDrive.Cli.Running;

namespace ClaudeDrive.Cli.DeadLetters;

/// <summary>Does one thing to several dead letters; a failure of one does not keep the others from being done.</summary>
internal static class DeadLetterActs
{
    public static async Task<int> EachAsync(CliRun run, string[] ids, string act, string done, bool json)
    {
        var answers = new List<string>();
        CliException? failure = null;
        foreach (var id in ids.Distinct(StringComparer.Ordinal))
        {
            try
            {
                var document = await run.Api.PostAsync(ApiPath.Of("dead-letters", id, act), "{}", run.Stop);
                answers.Add(document.Text);
                if (!json)
                {
                    run.Out.Line(new Piece(id, Styles.Strong), " " + done);
                }
            }
            catch (CliException one) when (ids.Length > 1 && !one.Passing)
            {
                run.Err.Failure(new CliException($"{id}: {one.Message}") { Code = one.Code, NextStep = one.NextStep });
                failure ??= one;
            }
        }

        if (json)
        {
            run.Out.Json(ids.Length == 1 ? answers[0] : $"{{\"data\":[{string.Join(',', answers)}]}}");
        }

        return failure?.ExitCode ?? ExitCode.Done;
    }
}
