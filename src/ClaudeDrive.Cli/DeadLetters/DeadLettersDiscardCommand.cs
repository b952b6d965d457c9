using System.CommandLine;
using ClaudeDrive.Cli.Running;

namespace ClaudeDrive.Cli.DeadLetters;

/// <summary><c>dead-letters discard ID…</c>: by id only, so that nothing is given up by accident.</summary>
internal static class DeadLettersDiscardCommand
{
    public static Command Create(CliContext context)
    {
        var ids = new Argument<string[]>("EVENT_ID")
        {
            Description = "Dead letters to give up, as in dead-letters list",
            Arity = ArgumentArity.OneOrMore,
        };
        ids.Validators.Add(Verb.CheckIds);
        var json = Verb.JsonOption();
        return new Command("discard", "Give dead letters up; they stay in the record as discarded") { ids, json }.Runs(
            context,
            run => DeadLetterActs.EachAsync(run, run.Get(ids), "discard", "is discarded", run.Get(json)));
    }
}
