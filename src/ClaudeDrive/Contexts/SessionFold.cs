namespace ClaudeDrive.Contexts;

internal sealed record SessionFold;
