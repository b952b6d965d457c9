using ClaudeDrive.Conformance.Model;
using CsCheck;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace ClaudeDrive.Conformance;

/// <summary>
/// Random sequences of calls against a small model: no event is lost, each is in exactly one state, at most one lease per resource is live, and
/// only legal transitions happen. A failure is shrunk and names its seed.
/// </summary>
public abstract class ModelConformance : StoreConformance
{
    /// <summary>How many sequences to run: fewer for a store whose commits are slow.</summary>
    protected virtual int Runs => 200;

    [Fact]
    public async Task RandomCalls_AnySequence_KeepTheInvariants() =>
        await Operation.Sequences.SampleAsync(RunAsync, writeLine: WriteLine, iter: Runs, threads: 1, print: Print);

    private async Task RunAsync(Operation[] operations)
    {
        var time = new FakeTimeProvider(Given.Start);
        await using var store = await CreateAsync(time, Window);
        await store.OpenAsync(Token);
        var model = new StoreModel(store, time, Token);
        foreach (var operation in operations)
        {
            await model.RunAsync(operation);
            await model.CheckAsync();
        }

        await model.FinishAsync();
    }

    private static void WriteLine(string line) => TestContext.Current.TestOutputHelper?.WriteLine(line);

    private static string Print(Operation[] operations) => string.Join(", ", operations.Select(o => $"{o.Kind}({o.A},{o.B})"));
}
