using Actors.Git.Remotes;

namespace Actors.Sync.ForgeHosts;

/// <summary>Ends of leased syncs that say the same, one after the other.</summary>
public sealed record LeasedEvidence
{
    public required HostEvidenceKind Kind { get; init; }

    /// <summary>Under which grant they were begun: its <see cref="HostGrant.GrantedAt"/>.</summary>
    public required long BegunAt { get; init; }

    /// <summary>How many ends.</summary>
    public int Count { get; init; } = 1;

    /// <summary>Requests of all of them.</summary>
    public long Requests { get; init; } = 1;

    /// <summary>Milliseconds to the first answer, on average; null: none came.</summary>
    public double? LatencyMs { get; init; }

    /// <summary>How long the host asked us to wait, where it did.</summary>
    public TimeSpan? RetryAfter { get; init; }

    /// <summary>What the host last said is left of its budget, where it did.</summary>
    public RateLimit? RateLimit { get; init; }

    /// <summary>It served repositories, not only answers.</summary>
    public bool Served { get; init; }

    /// <summary>The host's canary repository was asked.</summary>
    public bool IsCanary { get; init; }

    /// <summary>One end.</summary>
    public static LeasedEvidence Of(HostEvidence evidence, long begunAt, bool isCanary) => new()
    {
        Kind = evidence.Kind,
        BegunAt = begunAt,
        Requests = evidence.Requests,
        LatencyMs = evidence.LatencyMs,
        RetryAfter = evidence.RetryAfter,
        RateLimit = evidence.RateLimit,
        Served = evidence.Served,
        IsCanary = isCanary,
    };

    /// <summary>Whether a following end says the same: only clean answers do, all else counts by itself.</summary>
    public bool CanJoin(LeasedEvidence next)
    {
        ArgumentNullException.ThrowIfNull(next);
        return Kind == HostEvidenceKind.Answered && next.Kind == HostEvidenceKind.Answered && BegunAt == next.BegunAt && !IsCanary && !next.IsCanary
            && (LatencyMs is null) == (next.LatencyMs is null);
    }

    /// <summary>Both together.</summary>
    public LeasedEvidence Join(LeasedEvidence next)
    {
        ArgumentNullException.ThrowIfNull(next);
        int count = Count + next.Count;
        return this with
        {
            Count = count,
            Requests = Requests + next.Requests,
            LatencyMs = LatencyMs + (((next.LatencyMs - LatencyMs) * next.Count) / count),
            RateLimit = next.RateLimit ?? RateLimit,
            Served = Served || next.Served,
        };
    }

    /// <summary>The ends one by one, as a policy is told them; what a host said is left is told once.</summary>
    internal IEnumerable<HostEvidence> Split()
    {
        long rest = Requests;
        for (int left = Math.Min(Count, Limits.EvidenceCountMax); left > 0; left--)
        {
            long requests = rest / left;
            rest -= requests;
            yield return new HostEvidence(Kind, RetryAfter)
            {
                Requests = (int)Math.Clamp(requests, 1, int.MaxValue),
                LatencyMs = LatencyMs,
                RateLimit = left == 1 ? RateLimit : null,
                Served = Served,
            };
        }
    }
}
