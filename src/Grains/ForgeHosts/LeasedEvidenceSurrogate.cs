using Actors.Git.Remotes;
using Actors.Sync.ForgeHosts;

namespace Actors.Grains.ForgeHosts;

/// <summary><see cref="LeasedEvidence"/> between silos.</summary>
[GenerateSerializer]
[Alias("actors.leased-evidence")]
internal struct LeasedEvidenceSurrogate
{
    [Id(0)]
    public byte Kind;

    [Id(1)]
    public long BegunAt;

    [Id(2)]
    public int Count;

    [Id(3)]
    public long Requests;

    [Id(4)]
    public double? LatencyMs;

    [Id(5)]
    public TimeSpan? RetryAfter;

    [Id(6)]
    public long? Limit;

    [Id(7)]
    public long? Remaining;

    [Id(8)]
    public TimeSpan? Reset;

    [Id(9)]
    public bool Served;

    [Id(10)]
    public bool IsCanary;

    public static LeasedEvidenceSurrogate Of(LeasedEvidence value) => new()
    {
        Kind = (byte)value.Kind,
        BegunAt = value.BegunAt,
        Count = value.Count,
        Requests = value.Requests,
        LatencyMs = value.LatencyMs,
        RetryAfter = value.RetryAfter,
        Limit = value.RateLimit?.Limit,
        Remaining = value.RateLimit?.Remaining,
        Reset = value.RateLimit?.Reset,
        Served = value.Served,
        IsCanary = value.IsCanary,
    };

    /// <summary>A kind of a newer version says nothing to this one.</summary>
    public readonly LeasedEvidence ToEvidence() => new()
    {
        Kind = Enum.IsDefined((HostEvidenceKind)Kind) ? (HostEvidenceKind)Kind : HostEvidenceKind.Nothing,
        BegunAt = BegunAt,
        Count = Count,
        Requests = Requests,
        LatencyMs = LatencyMs,
        RetryAfter = RetryAfter,
        RateLimit = Remaining is { } remaining ? new RateLimit(Limit, remaining, Reset) : null,
        Served = Served,
        IsCanary = IsCanary,
    };
}
