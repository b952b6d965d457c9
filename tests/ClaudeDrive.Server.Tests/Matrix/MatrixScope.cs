namespace ClaudeDrive.Server.Tests.Matrix;

/// <summary>Whose thing a request names.</summary>
internal enum MatrixScope
{
    /// <summary>One that the callers' grants cover.</summary>
    Own,

    /// <summary>One that they do not cover.</summary>
    Foreign,

    /// <summary>One that does not exist.</summary>
    Missing,
}
