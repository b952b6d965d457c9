using System.Text.Json;
using ClaudeDrive.Access;
using ClaudeDrive.AspNetCore.Api;
using ClaudeDrive.Audit;

namespace ClaudeDrive.Cli.Access;

/// <summary>
/// Teams, resources and expectations: <c>{"teams":{NAME:[GRANT…]},"resources":{NAME:{organization_id,workspace_id,agent_id,metadata:{…}}},
/// "expect":[{"team","resource","role"}]}</c>. Decided by the same rule as the server's queries.
/// </summary>
internal sealed class AccessFixture
{
    private readonly Dictionary<string, List<Grant>> _teams = new(StringComparer.Ordinal);
    private readonly Dictionary<string, Placement> _resources = new(StringComparer.Ordinal);
    private readonly List<(string Team, string Resource, string Role)> _expectations = [];

    /// <summary>True when the file says what teams there are.</summary>
    public bool HasTeams { get; private init; }

    /// <summary>Reads the file's object. Throws <see cref="CliException"/> (wrong usage) that names what is wrong.</summary>
    public static AccessFixture Read(JsonElement root)
    {
        Only(root, "the file", "teams", "resources", "expect");
        var fixture = new AccessFixture { HasTeams = root.TryGetProperty("teams", out var teams) };
        if (fixture.HasTeams)
        {
            foreach (var team in Object(teams, "teams").EnumerateObject())
            {
                fixture._teams[team.Name] = [.. Array(team.Value, $"teams.{team.Name}").EnumerateArray().Select(grant => ReadGrant(grant, $"teams.{team.Name}"))];
            }
        }

        foreach (var resource in Object(Field(root, "resources", "the file"), "resources").EnumerateObject())
        {
            fixture._resources[resource.Name] = ReadPlace(resource.Value, $"resources.{resource.Name}");
        }

        foreach (var expectation in Array(Field(root, "expect", "the file"), "expect").EnumerateArray())
        {
            Only(expectation, "expect", "team", "resource", "role");
            fixture._expectations.Add((
                Text(expectation, "team", "expect"), Text(expectation, "resource", "expect"), RoleText(Text(expectation, "role", "expect"))));
        }

        return fixture._expectations.Count > 0 ? fixture : throw CliException.Usage("expect is empty: nothing would be checked");
    }

    /// <summary>Adds the server's teams, each under its name and its id.</summary>
    public void AddTeams(JsonElement teams)
    {
        foreach (var team in teams.EnumerateArray())
        {
            List<Grant> grants = [.. team.GetProperty("grants").EnumerateArray().Select(static grant => ReadGrant(Narrow(grant), "the server's teams"))];
            _teams[team.GetProperty("name").GetString()!] = _teams[team.GetProperty("team_id").GetString()!] = grants;
        }
    }

    /// <summary>What every expectation comes to. Throws <see cref="CliException"/> (wrong usage) for a name that is nowhere.</summary>
    public IReadOnlyList<AccessVerdict> Check() => [.. _expectations.Select(Check)];

    private AccessVerdict Check((string Team, string Resource, string Role) expectation)
    {
        var grants = _teams.GetValueOrDefault(expectation.Team) ?? throw CliException.Usage($"there is no team '{expectation.Team}'");
        var place = _resources.GetValueOrDefault(expectation.Resource) ?? throw CliException.Usage($"there is no resource '{expectation.Resource}'");
        CallerRole? role = grants.Where(grant => grant.Scope.Matches(place)).Select(static grant => (CallerRole?)grant.Role).Max();
        return new AccessVerdict(expectation.Team, expectation.Resource, expectation.Role, role is { } highest ? AuditText.RoleName(highest) : "none");
    }

    private static Grant ReadGrant(JsonElement grant, string where)
    {
        if (grant.ValueKind != JsonValueKind.Object)
        {
            throw CliException.Usage($"{where}: a grant is an object");
        }

        var (read, problem) = GrantBody.Read(grant);
        return read ?? throw CliException.Usage($"{where}: {problem!.Parameter}: {problem.Detail}");
    }

    // What the server adds to a grant says nothing of what it covers.
    private static JsonElement Narrow(JsonElement grant)
    {
        var fields = grant.EnumerateObject().Where(static field => field.Name is not ("grant_id" or "added_at")).ToDictionary(static field => field.Name, static field => field.Value);
        return JsonSerializer.SerializeToElement(fields);
    }

    private static Placement ReadPlace(JsonElement place, string where)
    {
        Only(Object(place, where), where, "organization_id", "workspace_id", "agent_id", "metadata");
        var metadata = place.TryGetProperty("metadata", out var pairs) ? Object(pairs, $"{where}.metadata").GetRawText() : null;
        return new Placement(Optional("organization_id"), Optional("workspace_id"), Optional("agent_id"), MetadataTag.Read(metadata));

        string? Optional(string name) => place.TryGetProperty(name, out _) ? Text(place, name, where) : null;
    }

    private static string RoleText(string role) => role is "none" or "any" or "viewer" or "reviewer" or "operator" or "admin"
        ? role
        : throw CliException.Usage($"expect: role '{role}' is none of none, any, viewer, reviewer, operator, admin");

    private static void Only(JsonElement element, string where, params string[] names)
    {
        foreach (var field in Object(element, where).EnumerateObject())
        {
            if (!names.Contains(field.Name))
            {
                throw CliException.Usage($"{where}: '{field.Name}' is none of {string.Join(", ", names)}");
            }
        }
    }

    private static JsonElement Field(JsonElement element, string name, string where) =>
        element.TryGetProperty(name, out var field) ? field : throw CliException.Usage($"{where} lacks '{name}'");

    private static string Text(JsonElement element, string name, string where) =>
        Field(element, name, where) is { ValueKind: JsonValueKind.String } text ? text.GetString()! : throw CliException.Usage($"{where}: '{name}' must be text");

    private static JsonElement Object(JsonElement element, string where) =>
        element.ValueKind == JsonValueKind.Object ? element : throw CliException.Usage($"{where} must be an object");

    private static JsonElement Array(JsonElement element, string where) =>
        element.ValueKind == JsonValueKind.Array ? element : throw CliException.Usage($"{where} must be a list");
}
