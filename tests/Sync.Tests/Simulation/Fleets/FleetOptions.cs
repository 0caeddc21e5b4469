using Actors.Web.Forges;

namespace Actors.Sync.Tests.Simulation.Fleets;

/// <summary>How large a fleet is, and what befalls it. Shares are of 1.</summary>
internal sealed record FleetOptions
{
    /// <summary>One seed in so many has thousands of repositories on dozens of hosts; the others are small, so that many can be tried.</summary>
    public const int LargeEach = 500;

    public required int Hosts { get; init; }

    /// <summary>At most, on each host.</summary>
    public required int RepositoriesPerHost { get; init; }

    public int Jobs { get; init; } = 12;

    /// <summary>Of hosts that bear only so much, with bans for some who do not listen.</summary>
    public double LimitedShare { get; init; }

    /// <summary>Of hosts that are away for a while.</summary>
    public double DownShare { get; init; }

    /// <summary>Of requests that fail by chance.</summary>
    public double FaultShare { get; init; }

    /// <summary>Of repositories that are private every other minute.</summary>
    public double PrivateShare { get; init; }

    /// <summary>Of packs in which an object is missing, or that hold something else than was wanted.</summary>
    public double LyingShare { get; init; }

    /// <summary>Of steps at which a repository changes: pushes, rewrites, branches, floods of refs, deletions, renames, names taken over.</summary>
    public double ChangeShare { get; init; }

    /// <summary>Of runs that are broken off: half of them by the end of the process.</summary>
    public double InterruptedShare { get; init; }

    /// <summary>Of a seed: any mix, none of it often.</summary>
    public static FleetOptions Of(int seed)
    {
        Random random = new(seed);
        bool isLarge = seed % LargeEach == 0;
        return new FleetOptions
        {
            Hosts = isLarge ? random.Next(24, 49) : random.Next(1, 4),
            RepositoriesPerHost = isLarge ? random.Next(60, 120) : random.Next(1, 21),
            Jobs = isLarge ? 64 : random.Next(1, 13),
            LimitedShare = Some(0.9),
            DownShare = Some(0.3),
            FaultShare = Some(0.3),
            PrivateShare = Some(0.3),
            LyingShare = Some(0.3),
            ChangeShare = Some(isLarge ? 0.02 : 0.1),
            InterruptedShare = Some(0.7),
        };

        double Some(double most) => random.Next(3) == 0 ? 0 : random.NextDouble() * most;
    }

    /// <summary>The misbehaviour of one host.</summary>
    public ForgeScriptOptions Script(Random random, ForgeAccent accent) => new()
    {
        Accent = accent,
        Limit = random.NextDouble() < LimitedShare ? new RequestLimit
        {
            RequestsPerSecond = random.Next(1, 24) / 8.0,
            // As many as one sync makes: a forge with less serves it never, and so would git be served.
            Burst = random.Next(10, 16),
            // GitHub's headers tell always, but for bans.
            TellsRetryAfter = random.Next(3) > 0 || accent == ForgeAccent.GitHub,
            RefusalsToBan = random.Next(2) * random.Next(3, 12),
            BanTime = TimeSpan.FromSeconds(random.Next(2, 20)),
            ProlongsBans = random.Next(2) == 0,
        } : null,
        FaultShare = FaultShare,
        Faults = ForgeScriptOptions.AllFaults,
        PrivateShare = PrivateShare,
        FlipTime = TimeSpan.FromSeconds(random.Next(5, 60)),
        SlowTime = TimeSpan.FromSeconds(random.Next(1, 20)),
    };
}
