using Actors.Sync.ForgeHosts;

namespace Actors.Grains.ForgeHosts;

/// <summary><see cref="HostGrant"/> between silos.</summary>
[GenerateSerializer]
[Alias("actors.host-grant")]
internal struct HostGrantSurrogate
{
    [Id(0)]
    public long Sequence;

    [Id(1)]
    public long Batch;

    [Id(2)]
    public long Version;

    [Id(3)]
    public long GrantedAt;

    [Id(4)]
    public int Units;

    [Id(5)]
    public TimeSpan UnitsFor;

    [Id(6)]
    public bool Lapsed;

    [Id(7)]
    public byte Answer;

    [Id(8)]
    public TimeSpan AskAgainIn;

    [Id(9)]
    public int Starts;

    [Id(10)]
    public double StartsReady;

    [Id(11)]
    public double StartsPerSecond;

    [Id(12)]
    public TimeSpan StartsFor;

    [Id(13)]
    public bool ForCanary;

    [Id(14)]
    public TimeSpan SilentFor;

    public static HostGrantSurrogate Of(HostGrant value) => new()
    {
        Sequence = value.Sequence,
        Batch = value.Batch,
        Version = value.Version,
        GrantedAt = value.GrantedAt,
        Units = value.Units,
        UnitsFor = value.UnitsFor,
        Lapsed = value.Lapsed,
        Answer = (byte)value.Answer,
        AskAgainIn = value.AskAgainIn,
        Starts = value.Starts,
        StartsReady = value.StartsReady,
        StartsPerSecond = value.StartsPerSecond,
        StartsFor = value.StartsFor,
        ForCanary = value.ForCanary,
        SilentFor = value.SilentFor,
    };

    /// <summary>An answer of a newer version means to ask again later.</summary>
    public readonly HostGrant ToGrant() => new()
    {
        Sequence = Sequence,
        Batch = Batch,
        Version = Version,
        GrantedAt = GrantedAt,
        Units = Units,
        UnitsFor = UnitsFor,
        Lapsed = Lapsed,
        Answer = Enum.IsDefined((PermitAnswer)Answer) ? (PermitAnswer)Answer : PermitAnswer.NotYet,
        AskAgainIn = AskAgainIn,
        Starts = Starts,
        StartsReady = StartsReady,
        StartsPerSecond = StartsPerSecond,
        StartsFor = StartsFor,
        ForCanary = ForCanary,
        SilentFor = SilentFor,
    };
}
