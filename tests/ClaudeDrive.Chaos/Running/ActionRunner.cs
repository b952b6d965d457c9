using System.Collections.Concurrent;
using ClaudeDrive.Chaos.Databases;
using ClaudeDrive.Chaos.Links;
using ClaudeDrive.Chaos.Load;
using ClaudeDrive.Chaos.Nodes;
using ClaudeDrive.Chaos.Schedules;
using ClaudeDrive.Simulator;

namespace ClaudeDrive.Chaos.Running;

/// <summary>Does what a schedule says to a running world, and remembers what was really done.</summary>
internal sealed class ActionRunner(ChaosWorld world, TimeProvider time)
{
    /// <summary>Longest wait for a process to pause or kill. Chosen: far above any time that a node is down.</summary>
    private static readonly TimeSpan LifePatience = TimeSpan.FromSeconds(10);

    private static readonly TimeSpan LifePause = TimeSpan.FromMilliseconds(20);

    private readonly ConcurrentQueue<ChaosAction> _done = new();
    private readonly ConcurrentQueue<FaultWindow> _fullDisks = new();

    /// <summary>What was done. An action that found nothing to act on is not in it.</summary>
    public IReadOnlyCollection<ChaosAction> Done => _done;

    /// <summary>When disks were full, by the clock.</summary>
    public IReadOnlyCollection<FaultWindow> FullDisks => _fullDisks;

    /// <summary>Kinds of a schedule that were never done, each as a sentence: a run must not seem to prove more than it does.</summary>
    public IEnumerable<string> NeverDone(IEnumerable<ChaosAction> schedule) => schedule.Select(static action => action.Kind).Distinct()
        .Except(_done.Select(static action => action.Kind)).Except(world.DiskProblem is null ? [] : [ActionKind.DiskFull])
        .Select(static kind => $"not exercised: {kind}, though it was planned");

    /// <summary>Runs every action at its time; completes when all have ended.</summary>
    public async Task RunAsync(IReadOnlyList<ChaosAction> schedule, CancellationToken cancellationToken)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var all = schedule.Select(action => RunOneAsync(action, stop.Token)).ToList();
        try
        {
            // The first that breaks ends the run: a fault that cannot be made or mended is a mistake of ours.
            await foreach (var ended in Task.WhenEach(all))
            {
                await ended;
            }
        }
        finally
        {
            await stop.CancelAsync();
            await Task.WhenAll(all).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task RunOneAsync(ChaosAction action, CancellationToken cancellationToken)
    {
        await Task.Delay(action.At, time, cancellationToken);
        var node = action.Node > 0 ? world.Nodes[action.Node - 1] : null;
        if (action.Kind == ActionKind.DiskFull && node!.Parts.Disk is null)
        {
            return; // It could not be mounted, which the run says and fails for.
        }

        if (action.Kind is ActionKind.Pause or ActionKind.Kill && !await IsThereAsync(node!, cancellationToken))
        {
            return;
        }

        var from = time.GetUtcNow();
        await BeginAsync(action, node, cancellationToken);
        _done.Enqueue(action);
        await Task.Delay(action.For, time, cancellationToken);
        await EndAsync(action, node, cancellationToken);
        if (action.Kind == ActionKind.DiskFull)
        {
            _fullDisks.Enqueue(new FaultWindow(from, time.GetUtcNow()));
        }
    }

    // Another fault may have its process down just now: this one waits for the next process, so that it is not done to nobody.
    private async Task<bool> IsThereAsync(Node node, CancellationToken cancellationToken)
    {
        var started = time.GetTimestamp();
        while (node.Life is null)
        {
            if (time.GetElapsedTime(started) > LifePatience)
            {
                return false;
            }

            await Task.Delay(LifePause, time, cancellationToken);
        }

        return true;
    }

    private async Task BeginAsync(ChaosAction action, Node? node, CancellationToken cancellationToken)
    {
        switch (action.Kind)
        {
            case ActionKind.Kill:
                node!.Kill();
                break;
            case ActionKind.Pause:
                node!.Pause();
                break;
            case ActionKind.ApiLink:
                node!.Parts.Api.Set(action.Mode, action.Delay);
                break;
            case ActionKind.DatabaseLink:
                node!.Parts.Database!.Set(action.Mode, action.Delay);
                break;
            case ActionKind.DatabaseFast:
                await world.Database!.HoldAsync(StopMode.Fast, cancellationToken);
                break;
            case ActionKind.DatabaseImmediate:
                await world.Database!.HoldAsync(StopMode.Immediate, cancellationToken);
                break;
            case ActionKind.DiskFull:
                await node!.FillDiskAsync(cancellationToken);
                break;
            case ActionKind.ApiStorm:
                Set(action.Fault, new FaultSetting(action.Rate));
                break;
            default:
                throw new InvalidOperationException($"Unknown kind {action.Kind}.");
        }
    }

    private async Task EndAsync(ChaosAction action, Node? node, CancellationToken cancellationToken)
    {
        switch (action.Kind)
        {
            case ActionKind.Kill:
                node!.Revive();
                break;
            case ActionKind.Pause:
                node!.Resume();
                break;
            case ActionKind.ApiLink:
                node!.Parts.Api.Set(LinkMode.Pass);
                break;
            case ActionKind.DatabaseLink:
                node!.Parts.Database!.Set(LinkMode.Pass);
                break;
            case ActionKind.DatabaseFast or ActionKind.DatabaseImmediate:
                await world.Database!.ReleaseAsync(cancellationToken);
                break;
            case ActionKind.DiskFull:
                await node!.FreeDiskAsync(cancellationToken);
                break;
            case ActionKind.ApiStorm:
                Set(action.Fault, EverydayFaults.On[action.Fault]);
                break;
            default:
                throw new InvalidOperationException($"Unknown kind {action.Kind}.");
        }
    }

    private void Set(string fault, FaultSetting setting) =>
        world.Simulator.World.Faults.Set(new Dictionary<string, FaultSetting>(StringComparer.Ordinal) { [fault] = setting });
}
