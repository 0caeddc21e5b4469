using Actors.Store.Heads;
using Actors.Store.Objects;
using Actors.Sync.Engines;

namespace Actors.Web.Api;

/// <summary>What a server stands on. It owns none of it.</summary>
/// <param name="Board">Campaigns, hosts, silos.</param>
/// <param name="Objects">The object store, for reading.</param>
/// <param name="Heads">The head store, for reading.</param>
public sealed record WebEngine(ICampaignBoard Board, IObjectStore Objects, IHeadStore Heads);
