namespace Actors.EndToEnd.Tests.Kills;

/// <summary>Chooses the moments of a series of runs: evenly over the events that runs of the kind have been seen to make.</summary>
internal sealed class KillMoments(Random random)
{
    private readonly int[] _seen = [30, 60, 8];

    /// <summary>The next trigger and its number.</summary>
    public (KillTrigger Trigger, int Number) Next(bool requests)
    {
        KillTrigger trigger = (KillTrigger)random.Next(requests ? 3 : 2);
        return (trigger, 1 + random.Next(_seen[(int)trigger]));
    }

    /// <summary>Learns from a run that ended by itself, and from one that went further than any before.</summary>
    public void Learn(KillTrigger trigger, KillReport report) =>
        _seen[(int)trigger] = report.Killed ? Math.Max(_seen[(int)trigger], report.Counted + 10) : Math.Max(1, report.Counted);
}
