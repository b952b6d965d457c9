namespace ClaudeDrive.Contexts;

internal static class RevisionHash;
