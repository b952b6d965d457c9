using System.Text.Json;
using ClaudeDrive.AspNetCore.Http;
using ClaudeDrive.Inbox;
using Microsoft.AspNetCore.Http;

namespace ClaudeDrive.AspNetCore.Api;

/// <summary>
/// Reads the list's filters from a body. Unlike elsewhere a name it does not know is refused: a filter that is silently dropped would retry or
/// discard everything.
/// </summary>
internal static class DeadLetterFilter
{
    public static async Task<(EventFilter? Filter, Problem? Problem)> ReadAsync(HttpContext context)
    {
        var (body, problem) = await JsonBody.ReadAsync(context.Request, JsonBody.SmallBytes, optional: false);
        if (problem is not null)
        {
            return (null, problem);
        }

        var filter = new EventFilter();
        foreach (var field in body.EnumerateObject())
        {
            var (next, bad) = Apply(filter, field);
            if (bad is not null)
            {
                return (null, bad);
            }

            filter = next;
        }

        return (filter, null);
    }

    private static (EventFilter Filter, Problem? Problem) Apply(EventFilter filter, JsonProperty field)
    {
        if (field.Value.ValueKind == JsonValueKind.Null || field.Name is "limit" or "cursor")
        {
            return (filter, null);
        }

        var text = field.Value.ValueKind == JsonValueKind.String ? field.Value.GetString()! : string.Empty;
        if (!PlainText.IsPlain(text, ListQuery.MaxValueChars))
        {
            return (filter, Problem.BadParameter(field.Name, $"The value must be text of 1 to {ListQuery.MaxValueChars} characters."));
        }

        var next = field.Name switch
        {
            "type" => filter with { Type = text },
            "resource_type" => filter with { ResourceType = text },
            "resource_id" => filter with { ResourceId = text },
            "session_id" => filter with { SessionId = text },
            "workspace_id" => filter with { WorkspaceId = text },
            "endpoint" => filter with { Endpoint = text },
            "source" when EnumText<EventSource>.Find(text) is { } source => filter with { Source = source },
            "from" when InstantText.Find(text) is { } from => filter with { From = from },
            "to" when InstantText.Find(text) is { } to => filter with { To = to },
            "state" when text == "dead" => filter,
            _ => null,
        };
        return next is null
            ? (filter, Problem.BadParameter(field.Name, "The dead letters have no such filter, or not with such a value."))
            : (next, null);
    }
}
