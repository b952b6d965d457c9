using System.Globalization;
using System.Text.Json.Nodes;
using ClaudeDrive.Simulator.Ids;
using ClaudeDrive.Simulator.Sessions;

namespace ClaudeDrive.Simulator.Stories;

/// <summary>The first turns of the scenarios: pure functions of seed and session id.</summary>
internal static class ScenarioTurns
{
    private static readonly string[] Hosts = ["build-01", "build-02", "db-03", "cache-04"];

    public static IEnumerable<StoryStep> Finishes(SeededSource source, string id) =>
    [
        .. TurnSteps.Begin("Summarise the weekly report."),
        .. TurnSteps.Model("m1",
        [
            new StoryStep.Call("read", BlockerKind.None, "read", new JsonObject { ["file_path"] = "/data/report-" + Order(source, id) + ".md" }),
        ]),
        TurnSteps.Result("read", "Sales rose by 4 %."),
        .. TurnSteps.Model("m2", [TurnSteps.Message("Sales rose by 4 %; no open risks.")]),
        TurnSteps.End(),
    ];

    public static IEnumerable<StoryStep> NeedsAnswer(SeededSource source, string id) =>
    [
        .. TurnSteps.Begin("Please refund order " + Order(source, id) + "."),
        .. TurnSteps.Model("m1",
        [
            TurnSteps.Message("I need approval for this refund."),
            new StoryStep.Call("ask", BlockerKind.CustomTool, "approve_refund", Refund(source, id)),
        ]),
        TurnSteps.End(),
    ];

    public static IEnumerable<StoryStep> NeedsPermission(SeededSource source, string id)
    {
        var call = source.Draw("permission", id, 0) < 0.5
            ? new StoryStep.Call("ask", BlockerKind.Permission, "bash", new JsonObject { ["command"] = "rm -rf /var/cache/" + Host(source, id) })
            : new StoryStep.Call("ask", BlockerKind.Permission, "delete_contact", new JsonObject { ["id"] = source.Pick(1000, "contact", id, 0) }, "crm");
        return [.. TurnSteps.Begin("Clean up " + Host(source, id) + "."), .. TurnSteps.Model("m1", [call]), TurnSteps.End()];
    }

    public static IEnumerable<StoryStep> ParallelBlockers(SeededSource source, string id) =>
    [
        .. TurnSteps.Begin("Close the quarter for " + Host(source, id) + "."),
        .. TurnSteps.Model("m1",
        [
            new StoryStep.Call("ask1", BlockerKind.CustomTool, "approve_refund", Refund(source, id)),
            new StoryStep.Call("ask2", BlockerKind.CustomTool, "choose_account", new JsonObject { ["candidates"] = new JsonArray("4000", "4400") }),
            new StoryStep.Call("ask3", BlockerKind.Permission, "delete_contact", new JsonObject { ["id"] = 7 }, "crm"),
        ]),
        TurnSteps.End(),
    ];

    public static IEnumerable<StoryStep> Budget(SeededSource source, string id) =>
    [
        .. TurnSteps.Begin("Research the competition around " + Host(source, id) + "."),
        .. TurnSteps.Model("m1", [new StoryStep.Call("search", BlockerKind.None, "web_search", new JsonObject { ["query"] = "market" })], 60),
        TurnSteps.Result("search", "120 results."),
        .. TurnSteps.Model("m2", [TurnSteps.Message("Half of the sources are read.")], 60),
        TurnSteps.End(),
    ];

    public static IEnumerable<StoryStep> GivesUp(SeededSource source, string id) =>
    [
        .. TurnSteps.Begin("Migrate the list of " + Host(source, id) + "."),
        TurnSteps.Error("model_overloaded_error", "The model is overloaded.", "retrying"),
        new StoryStep.Reschedule(),
        new StoryStep.Run { Delay = TimeSpan.FromSeconds(1) },
        TurnSteps.Error("model_overloaded_error", "The model is still overloaded.", "exhausted"),
        TurnSteps.End("retries_exhausted"),
    ];

    public static IEnumerable<StoryStep> Refuses(SeededSource source, string id) =>
    [
        .. TurnSteps.Begin("Write an exploit for " + Host(source, id) + "."),
        .. TurnSteps.Model("m1", []),
        new StoryStep.Rest("refusal", new JsonObject { ["type"] = "refusal", ["category"] = "cyber", ["explanation"] = null }),
    ];

    public static IEnumerable<StoryStep> DeletedBeforeArchived(SeededSource source, string id) =>
    [
        .. TurnSteps.Begin("Draft a note about " + Order(source, id) + "."),
        .. TurnSteps.Model("m1", [TurnSteps.Message("Here is the draft.")]),
        TurnSteps.End(),
        new StoryStep.Archive(HoldDelivery: true),
        new StoryStep.Delete(),
    ];

    public static IEnumerable<StoryStep> MultiAgent(SeededSource source, string id) =>
    [
        .. TurnSteps.Begin("Prepare the call about order " + Order(source, id) + "."),
        .. TurnSteps.Model("m1", [TurnSteps.Message("I will ask two colleagues.")]),
        new StoryStep.OpenThread("reader", "reader"),
        new StoryStep.RunThread("reader"),
        new StoryStep.OpenThread("writer", "writer"),
        new StoryStep.RunThread("writer"),
        TurnSteps.Message("The customer ordered twice.", "reader"),
        new StoryStep.RestThread("reader"),
        new StoryStep.CloseThread("reader"),
        new StoryStep.Call("ask", BlockerKind.Permission, "update_contact", new JsonObject { ["id"] = 7, ["note"] = "call planned" }, "crm", "writer"),
        new StoryStep.RestThread("writer"),
        TurnSteps.End(),
    ];

    public static IEnumerable<StoryStep> SelfHosted(SeededSource source, string id) =>
    [
        .. TurnSteps.Begin("Run the nightly job on " + Host(source, id) + "."),
        .. TurnSteps.Model("m1",
        [
            new StoryStep.Call("ask", BlockerKind.SelfHostedTool, "bash", new JsonObject { ["command"] = "nightly --host " + Host(source, id) }),
        ]),
        TurnSteps.End(),
    ];

    public static IEnumerable<StoryStep> Long(SeededSource source, string id)
    {
        var steps = new List<StoryStep> { new StoryStep.DefineOutcome("Every chapter is translated.", 2) };
        for (var turn = 1; turn <= 8; turn++)
        {
            var label = turn.ToString(CultureInfo.InvariantCulture);
            steps.AddRange(TurnSteps.Begin("Translate chapter " + label + "."));
            for (var section = 1; section <= 2; section++)
            {
                var call = "t" + label + "." + section.ToString(CultureInfo.InvariantCulture);
                steps.AddRange(TurnSteps.Model("m" + call,
                    [new StoryStep.Call(call, BlockerKind.None, "edit", new JsonObject { ["file_path"] = "/book/" + call + ".md", ["old_string"] = "a", ["new_string"] = Host(source, id + call) })], 5));
                steps.Add(TurnSteps.Result(call, "written"));
            }

            if (turn % 4 == 0)
            {
                steps.Add(new StoryStep.Append("agent.thread_context_compacted", _ => []));
                steps.Add(new StoryStep.Grade((turn / 4) - 1, turn == 8 ? "satisfied" : "needs_revision"));
            }

            steps.Add(TurnSteps.End());
        }

        return steps;
    }

    private static JsonObject Refund(SeededSource source, string id) =>
        new() { ["order"] = Order(source, id), ["amount"] = 100 + source.Pick(9000, "amount", id, 0), ["currency"] = "USD" };

    private static string Order(SeededSource source, string id) => (1000 + source.Pick(9000, "order", id, 0)).ToString(CultureInfo.InvariantCulture);

    private static string Host(SeededSource source, string id) => Hosts[source.Pick(Hosts.Length, "host", id, 0)];
}
