namespace Actors.Grains.Silos;

/// <summary>What a silo does for a campaign at one host now. Fields are only added; their numbers are never reused.</summary>
[GenerateSerializer]
[Immutable]
[Alias("actors.campaign-figures")]
internal sealed record CampaignFigures
{
    [Id(0)]
    public long Campaign { get; init; }

    [Id(1)]
    public string Host { get; init; } = "";

    [Id(2)]
    public int Running { get; init; }

    [Id(3)]
    public int Waiting { get; init; }
}
