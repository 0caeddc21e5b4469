namespace Actors.TestKit.Schedules;

/// <summary>How modelled repositories change: rates over five orders of magnitude, in bursts, with projects that begin and end.</summary>
public sealed record ChangeModelOptions
{
    public int Repositories { get; init; } = 100_000;

    public double Days { get; init; } = 365;

    public ulong Seed { get; init; } = 1;

    /// <summary>Half of all repositories change more often than once in so many days.</summary>
    public double MedianGapDays { get; init; } = 200;

    /// <summary>Standard deviation of the rate's natural logarithm: with 2.5 one in a hundred changes 1.7 times a day or more.</summary>
    public double Spread { get; init; } = 2.5;

    /// <summary>Most changes a day of any repository.</summary>
    public double RateMax { get; init; } = 50;

    /// <summary>Share of repositories that come to be known within the year; the others are known and visited when it begins.</summary>
    public double NewShare { get; init; } = 0.1;

    /// <summary>Share that never changes again after some day of the year.</summary>
    public double EndingShare { get; init; } = 0.15;

    /// <summary>Share whose forge's daily listing tells their last update.</summary>
    public double ListedShare { get; init; }
}
