using Actors.Git.Remotes;

namespace Actors.Sync.Campaigns;

/// <summary>What the run of a chunk does at one host now.</summary>
/// <param name="Host">Which.</param>
/// <param name="Running">Visits that run.</param>
/// <param name="Waiting">Repositories that wait for their turn.</param>
public readonly record struct ChunkHost(ForgeHost Host, int Running, int Waiting);
