using Actors.Git.Remotes;

namespace Actors.Store.Campaigns;

/// <summary>What of a host is still to be done, over all campaigns that are worked, or of one.</summary>
/// <param name="Host">Which, or null: hosts with few repositories.</param>
/// <param name="Repositories">Without an outcome yet, claimed ones too.</param>
/// <param name="Chunks">That they are in.</param>
public readonly record struct HostBacklog(ForgeHost? Host, long Repositories, long Chunks);
