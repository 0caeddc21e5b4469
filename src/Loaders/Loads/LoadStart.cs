using Actors.Loaders.Packages;
using Actors.Store.Heads;

namespace Actors.Loaders.Loads;

/// <summary>What a load begins with.</summary>
internal sealed record LoadStart(PackageOrigin Origin, RepositoryState? Known, DateTimeOffset At, long Timestamp);
