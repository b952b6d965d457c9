namespace ClaudeDrive.Simulator.Resources;

/// <summary>A kind of resource beside sessions.</summary>
/// <param name="Type">Value of the field <c>type</c> and prefix of its webhook types.</param>
/// <param name="Prefix">Prefix of its ids.</param>
internal sealed record ResourceKind(string Type, string Prefix)
{
    public static readonly ResourceKind Agent = new("agent", "agent");
    public static readonly ResourceKind Environment = new("environment", "env");
    public static readonly ResourceKind Deployment = new("deployment", "depl");
    public static readonly ResourceKind DeploymentRun = new("deployment_run", "drun");
    public static readonly ResourceKind Vault = new("vault", "vlt");
    public static readonly ResourceKind Credential = new("vault_credential", "vcrd");
    public static readonly ResourceKind MemoryStore = new("memory_store", "memstore");
    public static readonly ResourceKind UserProfile = new("user_profile", "uprof");
    public static readonly ResourceKind ExternalKey = new("external_key", "ekey");
}
