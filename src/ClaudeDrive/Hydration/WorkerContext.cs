using ClaudeDrive.Diagnostics;
using ClaudeDrive.Inbox;
using ClaudeDrive.Nodes;
using ClaudeDrive.Redaction;

namespace ClaudeDrive.Hydration;

/// <summary>What every worker needs beside its work; all of it fixable in tests.</summary>
internal sealed record WorkerContext(
    HydrationOptions Options, TimeProvider Time, Jitter Jitter, ClaudeDriveMetrics Metrics, StoreGate Gate, Duties Duties, Redactor Redactor);
