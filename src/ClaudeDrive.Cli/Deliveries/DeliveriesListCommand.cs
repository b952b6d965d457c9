using System.CommandLine;
using ClaudeDrive.Cli.Api;
using ClaudeDrive.Cli.Listing;
using ClaudeDrive.Cli.Output;
using ClaudeDrive.Cli.Running;

namespace ClaudeDrive.Cli.Deliveries;

/// <summary><c>deliveries list</c></summary>
internal static class DeliveriesListCommand
{
    public static Command Create(CliContext context)
    {
        return new ListVerb
        {
            Words = "deliveries list",
            Description = "List every attempt that reached the receiver, and how it was answered",
            Noun = "deliveries",
            Path = ApiPath.Of("deliveries"),
            WhenEmpty = "nothing has reached POST /webhooks/claude: check the address registered at Claude, or try claudedrive demo",
            Filters =
            [
                Filter.Text("endpoint", "Deliveries to this endpoint", "NAME"),
                Filter.OneOf("outcome", "Deliveries answered so", "accepted", "duplicate", "spooled", "rejected", "unavailable"),
                Filter.Instant("from", "Received at or after this time: RFC 3339, or an age such as 15m, 6h, 2d"),
                Filter.Instant("to", "Received before this time"),
            ],
            Columns = now =>
            [
                Column.Age("RECEIVED", now, "received_at"),
                Column.Utc("RECEIVED (UTC)", 3, "received_at"),
                Column.State("OUTCOME", "outcome"),
                Column.Text("CODE", "code"),
                Column.Id("EVENT", "event_id"),
                Column.Text("ENDPOINT", "endpoint", leaveOut: 2, maxWidth: 24),
                new Column("TOOK", row => row.Text("duration_ms") is { } ms ? ms + " ms" : string.Empty, LeaveOut: 1) { RightAligned = true },
                Column.Number("BYTES", "body_bytes", leaveOut: 5),
                Column.Text("FROM", "remote_ip", leaveOut: 4),
                Column.Id("SECRET", "secret_id", leaveOut: 6),
                Column.Id("DELIVERY", "delivery_id", leaveOut: 7),
            ],
        }.Create(context);
    }
}
