namespace Actors.Grains.ForgeHosts;

/// <summary><see cref="Sync.ForgeHosts.HostView"/> between silos.</summary>
[GenerateSerializer]
[Alias("actors.host-view")]
internal struct HostViewSurrogate
{
    [Id(0)]
    public string Host;

    [Id(1)]
    public int Running;

    [Id(2)]
    public int Allowed;

    [Id(3)]
    public double? RequestsPerSecond;

    [Id(4)]
    public long Waiting;

    [Id(5)]
    public long Done;

    [Id(6)]
    public long Throttled;

    [Id(7)]
    public DateTimeOffset? SilentUntil;

    [Id(8)]
    public DateTimeOffset? BrakedUntil;

    [Id(9)]
    public bool IsDown;
}
