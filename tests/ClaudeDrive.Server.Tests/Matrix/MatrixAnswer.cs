namespace ClaudeDrive.Server.Tests.Matrix;

/// <summary>An answer as it came.</summary>
internal sealed record MatrixAnswer(int Status, string Headers, string Text);
