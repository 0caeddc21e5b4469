using Actors.Git.Remotes;

namespace Actors.Sync.Tests.Simulation;

/// <summary>One forge host of a simulation: its faults, and what it holds against us.</summary>
internal sealed class SimulatedHost
{
    public required ForgeHost Name { get; init; }

    /// <summary>Requests answered in a window of ten seconds before it throttles; 0: never throttles.</summary>
    public int WindowMax { get; set; }

    /// <summary>Whether it says for how long.</summary>
    public bool TellsRetryAfter { get; set; }

    /// <summary>Nobody answers in these hours.</summary>
    public (DateTimeOffset From, DateTimeOffset To) Down { get; set; }

    /// <summary>One of so many repositories fails by itself; 0: none.</summary>
    public int OneInFails { get; set; }

    public int Running { get; set; }

    public int RunningSeen { get; set; }

    public int Requests { get; set; }

    public DateTimeOffset SilentUntil { get; set; }

    /// <summary>Answered requests of the last ten seconds.</summary>
    public Queue<DateTimeOffset> Window { get; } = new();

    /// <summary>Requests of the last second.</summary>
    public Queue<DateTimeOffset> Begun { get; } = new();
}
