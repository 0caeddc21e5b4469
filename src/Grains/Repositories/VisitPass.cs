using Actors.Store.Heads;

namespace Actors.Grains.Repositories;

/// <summary>What a worker gives to the visit that it begins.</summary>
/// <param name="Permit">The visit's own.</param>
/// <param name="Known">What the head store knows of the repository, read since the worker held it; null: it was never visited.</param>
internal readonly record struct VisitPass(HeldPermit Permit, RepositoryState? Known);
