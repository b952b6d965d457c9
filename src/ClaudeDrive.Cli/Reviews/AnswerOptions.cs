using System.CommandLine;
using System.CommandLine.Parsing;
using ClaudeDrive.Cli.Running;

namespace ClaudeDrive.Cli.Reviews;

/// <summary>The options of <c>reviews answer</c>; exactly one of the first seven is the answer.</summary>
internal sealed class AnswerOptions
{
    private const int LongestWaitSeconds = 86_400;

    public Option<string?> Result { get; } = new("--result")
    {
        Description = "The tool's result, as text",
        HelpName = "TEXT",
    };

    public Option<string?> ResultJson { get; } = new("--result-json")
    {
        Description = "The tool's result, as JSON; a list of content blocks is sent as blocks, anything else as its text",
        HelpName = "JSON",
    };

    public Option<bool> Allow { get; } = new("--allow") { Description = "Let the agent run the tool" };

    public Option<string?> Deny { get; } = new("--deny")
    {
        Description = "Do not let the agent run the tool; the message tells it why",
        HelpName = "MESSAGE",
        Arity = ArgumentArity.ZeroOrOne,
    };

    public Option<string?> Message { get; } = new("--message") { Description = "A message to the agent", HelpName = "TEXT" };

    public Option<string?> Budget { get; } = new("--budget") { Description = "The session's new budget, or none", HelpName = "AMOUNT|none" };

    public Option<bool> Interrupt { get; } = new("--interrupt") { Description = "Stop the agent's turn" };

    public Option<bool> IsError { get; } = new("--is-error") { Description = "The result says that the tool failed" };

    public Option<string?> Note { get; } = new("--note") { Description = "Why, for your own record; not sent to Claude", HelpName = "TEXT" };

    public Option<string?> ExpectedInputHash { get; } = new("--expected-input-hash")
    {
        Description = "Refuse to answer when the arguments are not those you saw (input hash of reviews show)",
        HelpName = "HASH",
    };

    public Option<int?> Wait { get; } = Checked.OptionalNumber(
        "--wait", "Wait until the session has resumed or the answer was refused (default 120 seconds)", 1, LongestWaitSeconds, "SECONDS");

    public IReadOnlyList<Option> Answers => [Result, ResultJson, Allow, Deny, Message, Budget, Interrupt];

    public void AddTo(Command command)
    {
        Wait.Arity = ArgumentArity.ZeroOrOne;
        foreach (var option in Answers.Concat([IsError, Note, ExpectedInputHash, Wait]))
        {
            command.Options.Add(option);
        }

        command.Validators.Add(Check);
    }

    private void Check(CommandResult result)
    {
        var given = Answers.Where(option => result.GetResult(option) is { Implicit: false }).Select(option => option.Name).ToList();
        if (given.Count != 1)
        {
            var all = string.Join(", ", Answers.Select(option => option.Name));
            result.AddError(given.Count == 0
                ? $"An answer needs one of {all}."
                : $"One answer at a time: {string.Join(" and ", given)} exclude each other.");
        }

        if (result.GetResult(IsError) is { Implicit: false } && !given.Contains(Result.Name) && !given.Contains(ResultJson.Name))
        {
            result.AddError("--is-error goes with --result or --result-json only.");
        }
    }
}
