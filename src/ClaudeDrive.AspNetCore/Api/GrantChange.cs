using System.Text.Json;
using ClaudeDrive.Access;
using ClaudeDrive.AspNetCore.Http;

namespace ClaudeDrive.AspNetCore.Api;

/// <summary>A change of a team's grants that is only thought of.</summary>
/// <param name="TeamId">The team.</param>
/// <param name="Add">Grants it would get.</param>
/// <param name="Remove">Ids of grants it would lose.</param>
internal sealed record GrantChange(string TeamId, IReadOnlyList<Grant> Add, IReadOnlyList<string> Remove)
{
    public static (GrantChange? Change, Problem? Problem) Read(JsonElement body)
    {
        var fields = new BodyFields(body);
        fields.Only("team_id", "add", "remove");
        var teamId = fields.Required("team_id", AccessLimits.NameChars);
        var (add, remove) = (new List<Grant>(), new List<string>());
        foreach (var item in fields.Items("add", AccessLimits.Grants))
        {
            var (grant, problem) = item.ValueKind == JsonValueKind.Object
                ? GrantBody.Read(item)
                : (null, Problem.BadParameter("add", "The value must be a list of grants."));
            if (problem is not null)
            {
                return (null, problem);
            }

            add.Add(grant!);
        }

        foreach (var item in fields.Items("remove", AccessLimits.Grants))
        {
            if (item.ValueKind == JsonValueKind.String)
            {
                remove.Add(item.GetString()!);
            }
            else
            {
                fields.Refuse("remove", "The value must be a list of grant ids.");
            }
        }

        if (add.Count + remove.Count == 0)
        {
            fields.Refuse("add", "Name grants to add or to remove.");
        }

        return fields.Problem is { } refused ? (null, refused) : (new GrantChange(teamId, add, remove), null);
    }

    /// <summary>What a team would see.</summary>
    public Sight After(Team team) => Sight.Of(
        team.Grants.Where(granted => !Remove.Contains(granted.GrantId)).Select(static granted => granted.Grant.Scope)
            .Concat(Add.Select(static grant => grant.Scope)));
}
