namespace ClaudeDrive.Nodes;

/// <summary>Roles as people write them: <c>all</c>, or names separated by commas, in any case and order.</summary>
internal static class NodeRolesText
{
    private const string AllName = "all";

    private static readonly (NodeRoles Role, string Name)[] Known =
        [(NodeRoles.Ingest, "ingest"), (NodeRoles.Worker, "worker"), (NodeRoles.Console, "console")];

    /// <summary>Reads roles; false when a name is none or there is no name at all.</summary>
    public static bool TryParse(string text, out NodeRoles roles)
    {
        roles = NodeRoles.None;
        foreach (var name in text.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            var role = name.Equals(AllName, StringComparison.OrdinalIgnoreCase)
                ? NodeRoles.All
                : Known.FirstOrDefault(known => known.Name.Equals(name, StringComparison.OrdinalIgnoreCase)).Role;
            if (role == NodeRoles.None)
            {
                return false;
            }

            roles |= role;
        }

        return roles != NodeRoles.None;
    }

    /// <summary>Writes roles: <c>all</c>, or their names in a fixed order with commas; empty for none.</summary>
    public static string Write(NodeRoles roles) => roles == NodeRoles.All ? AllName : string.Join(',', Names(roles));

    /// <summary>The name of each role, in a fixed order.</summary>
    public static IReadOnlyList<string> Names(NodeRoles roles) =>
        [.. Known.Where(known => roles.HasFlag(known.Role)).Select(static known => known.Name)];
}
