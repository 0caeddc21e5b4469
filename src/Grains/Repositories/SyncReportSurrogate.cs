namespace Actors.Grains.Repositories;

/// <summary>A report between silos: as JSON, whose readers know older and newer fields.</summary>
[GenerateSerializer]
[Alias("actors.sync-report")]
internal struct SyncReportSurrogate
{
    [Id(0)]
    public byte[] Json;
}
