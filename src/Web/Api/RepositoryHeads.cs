using Actors.Store.Heads;

namespace Actors.Web.Api;

/// <summary>A repository and its heads, as the API tells them.</summary>
/// <param name="State">The repository.</param>
/// <param name="Snapshot">The heads asked for; null: there are none.</param>
/// <param name="Imported">What another system recorded, where there is no snapshot; or null.</param>
public sealed record RepositoryHeads(RepositoryState State, Snapshot? Snapshot, ImportedHeads? Imported);
