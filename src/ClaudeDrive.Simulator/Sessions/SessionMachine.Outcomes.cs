using System.Text.Json.Nodes;
using ClaudeDrive.Simulator.Stories;

namespace ClaudeDrive.Simulator.Sessions;

/// <summary>Outcomes and their grading.</summary>
internal sealed partial class SessionMachine
{
    /// <summary>Sets the outcome; processed on receipt.</summary>
    public StoredEvent DefineOutcome(SessionRecord session, string description, int maxIterations, JsonObject rubric)
    {
        var id = world.Source.NewId("outc", session.Id, session.Counters.NextOutcome());
        session.Outcomes.Add(new JsonObject
        {
            ["type"] = "outcome_evaluation",
            ["outcome_id"] = id,
            ["description"] = description,
            ["result"] = "pending",
            ["iteration"] = 0,
            ["explanation"] = null,
            ["completed_at"] = null,
        });
        return Append(session, "user.define_outcome", new JsonObject
        {
            ["description"] = description,
            ["rubric"] = rubric.DeepClone(),
            ["max_iterations"] = maxIterations,
            ["outcome_id"] = id,
        });
    }

    private void Grade(SessionRecord session, StoryStep.Grade grade)
    {
        var outcome = session.Outcomes[^1];
        var id = outcome.Text("outcome_id")!;
        var start = Append(session, "span.outcome_evaluation_start", new JsonObject { ["outcome_id"] = id, ["iteration"] = grade.Iteration });
        var explanation = grade.Result == "satisfied" ? "All criteria are met." : "Some chapters are missing.";
        var end = Append(session, "span.outcome_evaluation_end", new JsonObject
        {
            ["outcome_id"] = id,
            ["iteration"] = grade.Iteration,
            ["outcome_evaluation_start_id"] = start.Id,
            ["result"] = grade.Result,
            ["explanation"] = explanation,
            ["usage"] = TurnSteps.ModelUsage(),
        });
        var final = grade.Result is "satisfied" or "failed" or "max_iterations_reached" or "interrupted";
        outcome["result"] = final ? grade.Result : "running";
        outcome["iteration"] = grade.Iteration;
        outcome["explanation"] = explanation;
        outcome["completed_at"] = final ? WireTime.Format(end.ProcessedAt!.Value) : null;
        world.EmitSession(session, "session.outcome_evaluation_ended");
    }
}
