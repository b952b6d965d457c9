using ClaudeDrive.Simulator.Sessions;

namespace ClaudeDrive.Simulator.Stories;

/// <summary>Plays the steps of every session in its own time; sessions do not wait for each other.</summary>
internal sealed class StoryRunner(SimulatorWorld world)
{
    /// <summary>Adds steps to a story and makes sure it is being played. Call under the world's lock.</summary>
    public void Add(SessionRecord session, IEnumerable<StoryStep> steps)
    {
        foreach (var step in steps)
        {
            session.Steps.Enqueue(step);
        }

        if (!session.Playing && session.Steps.Count > 0)
        {
            session.Playing = true;
            world.Quiet.Start(() => PlayAsync(session));
        }
    }

    /// <summary>Discards what was planned. Call under the world's lock.</summary>
    public static void Discard(SessionRecord session)
    {
        session.Steps.Clear();
        session.Generation++;
    }

    private async Task PlayAsync(SessionRecord session)
    {
        while (true)
        {
            TimeSpan delay;
            int generation;
            lock (world.Gate)
            {
                if (!session.Steps.TryPeek(out var next))
                {
                    session.Playing = false;
                    return;
                }

                delay = next.Delay * world.Options.StoryPace;
                generation = session.Generation;
            }

            if (delay > TimeSpan.Zero)
            {
                await Task.Delay(delay, world.Options.Clock, world.Stopping);
            }

            world.Stopping.ThrowIfCancellationRequested();
            lock (world.Gate)
            {
                if (generation == session.Generation && session.Steps.TryDequeue(out var step))
                {
                    world.Machine.Apply(session, step);
                }
            }
        }
    }
}
