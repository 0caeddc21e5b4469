namespace Actors.Grains.Campaigns;

/// <summary>The fields of an order as they are kept.</summary>
internal sealed record CampaignOrderForm
{
    public string? Name { get; init; }

    public string? Refs { get; init; }

    public TimeSpan? MaxAge { get; init; }

    public bool? IgnoreRetryTimes { get; init; }

    public bool? IncludeParked { get; init; }

    public TimeSpan? SyncTimeMax { get; init; }

    public long? PackBytesMax { get; init; }
}
