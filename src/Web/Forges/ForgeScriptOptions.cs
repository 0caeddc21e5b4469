namespace Actors.Web.Forges;

/// <summary>How a forge misbehaves. Shares are of 1.</summary>
public sealed record ForgeScriptOptions
{
    /// <summary>What it bears; null: everything.</summary>
    public RequestLimit? Limit { get; init; }

    public ForgeAccent Accent { get; init; }

    /// <summary>Of requests that fail by chance, in one of <see cref="Faults"/>.</summary>
    public double FaultShare { get; init; }

    /// <summary>What chance does. Those that spoil packs leave other answers as they are.</summary>
    public IReadOnlyList<ForgeDeed> Faults { get; init; } =
        [ForgeDeed.ServerError, ForgeDeed.Garbage, ForgeDeed.Truncate, ForgeDeed.Reset];

    /// <summary>How late an answer begins that begins late.</summary>
    public TimeSpan SlowTime { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Of repositories that are deleted.</summary>
    public double GoneShare { get; init; }

    /// <summary>Of repositories that are private in every second <see cref="FlipTime"/>.</summary>
    public double PrivateShare { get; init; }

    public TimeSpan FlipTime { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>Of repositories that were renamed: their name with <c>-moved</c>.</summary>
    public double MovedShare { get; init; }

    /// <summary>All that chance can do.</summary>
    public static IReadOnlyList<ForgeDeed> AllFaults { get; } =
    [
        ForgeDeed.ServerError, ForgeDeed.Garbage, ForgeDeed.Truncate, ForgeDeed.Reset, ForgeDeed.Stall,
        ForgeDeed.SlowStart, ForgeDeed.BentPack, ForgeDeed.StallInPack, ForgeDeed.ResetInPack,
    ];
}
