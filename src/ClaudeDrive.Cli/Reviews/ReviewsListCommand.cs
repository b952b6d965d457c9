using System.CommandLine;
using ClaudeDrive.Cli.Api;
using ClaudeDrive.Cli.Listing;
using ClaudeDrive.Cli.Running;

namespace ClaudeDrive.Cli.Reviews;

/// <summary><c>reviews list</c></summary>
internal static class ReviewsListCommand
{
    public static Command Create(CliContext context)
    {
        return new ListVerb
        {
            Words = "reviews list",
            Description = "List what waits, or waited, for a person",
            Noun = "reviews",
            Path = ApiPath.Of("reviews"),
            WhenEmpty = "nothing waits for a person; watch for it with claudedrive events tail --topics reviews",
            ShowOne = "reviews show REVIEW_ID",
            Filters =
            [
                Filter.OneOf("state", "Reviews in this state", ReviewStates.All),
                Filter.Text("session_id", "Reviews of this session", "ID"),
                Filter.Text("assignee", "Reviews claimed by this person", "NAME"),
            ],
            Columns = now =>
            [
                Column.Id("REVIEW", "review_id"),
                Column.State("STATE", "state"),
                Column.Text("KIND", "kind", leaveOut: 2),
                Column.Text("TOOL", "tool_name", maxWidth: 30),
                Column.Id("SESSION", "session_id", leaveOut: 1),
                Column.Age("WAITING", now, "opened_at"),
                Column.Utc("OPENED (UTC)", 6, "opened_at"),
                Column.Text("CLAIMED BY", "claimed_by", leaveOut: 4, maxWidth: 24),
                Column.Text("ANSWERED BY", "answered_by", leaveOut: 5, maxWidth: 24),
                Column.State("SEND", "send_state", leaveOut: 3),
            ],
        }.Create(context);
    }
}
