using Actors.Sync.ForgeHosts;

namespace Actors.Grains.ForgeHosts;

/// <summary><see cref="HostCall"/> between silos.</summary>
[GenerateSerializer]
[Alias("actors.host-call")]
internal struct HostCallSurrogate
{
    [Id(0)]
    public string Silo;

    [Id(1)]
    public long Sequence;

    [Id(2)]
    public int Held;

    [Id(3)]
    public int Running;

    [Id(4)]
    public int Wanted;

    [Id(5)]
    public int StartsHeld;

    [Id(6)]
    public int StartsWanted;

    [Id(7)]
    public long Batch;

    [Id(8)]
    public long StartsDropped;

    [Id(9)]
    public LeasedEvidenceSurrogate[] Evidence;

    [Id(10)]
    public long Waiting;

    [Id(11)]
    public bool HasCanary;
}
