using ClaudeDrive.Inbox;
using ClaudeDrive.Review;

namespace ClaudeDrive.Sqlite.Writing;

/// <summary>Names of the counters: a number per state or type under a prefix that ends in a slash, so that one range reads them all.</summary>
internal static class Counters
{
    /// <summary>Events by number of their state.</summary>
    public const string Events = "events";

    /// <summary>Rows of the delivery log.</summary>
    public const string Deliveries = "deliveries";

    /// <summary>Contexts by resource type.</summary>
    public const string Contexts = "contexts";

    /// <summary>Revisions over all contexts.</summary>
    public const string Revisions = "revisions";

    /// <summary>Review items by number of their stored state; a lapsed claim counts as claimed here.</summary>
    public const string Reviews = "reviews";

    /// <summary>Grows with every check of the store.</summary>
    public const string Checks = "checks";

    private static readonly string[] EventStates = [.. Enum.GetValues<EventState>().Select(state => $"{Events}/{(int)state}")];
    private static readonly string[] ReviewStates = [.. Enum.GetValues<ReviewState>().Select(state => $"{Reviews}/{(int)state}")];

    /// <summary>Events in a state.</summary>
    public static string Event(EventState state) => EventStates[(int)state];

    /// <summary>Review items in a stored state.</summary>
    public static string Review(ReviewState state) => ReviewStates[(int)state];

    /// <summary>Contexts of a type.</summary>
    public static string Context(string type) => $"{Contexts}/{type}";
}
