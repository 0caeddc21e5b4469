using Actors.Store.Heads;
using Actors.Store.Objects;
using Actors.Sync.Engines;
using Actors.Sync.Schedules;

namespace Actors.Web.Api;

/// <summary>What a server stands on. It owns none of it.</summary>
/// <param name="Board">Campaigns, hosts, silos.</param>
/// <param name="Objects">The object store, for reading.</param>
/// <param name="Heads">The head store, for reading.</param>
public sealed record WebEngine(ICampaignBoard Board, IObjectStore Objects, IHeadStore Heads)
{
    /// <summary>How far the store is behind the forges; null: the server makes one over <see cref="Heads"/>, where they keep a schedule.</summary>
    public ScheduleGauge? Schedule { get; init; }
}
