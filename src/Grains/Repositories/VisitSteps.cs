using Actors.Sync.Engines;
using Actors.Sync.Repositories;

namespace Actors.Grains.Repositories;

/// <summary>Makes what visits repositories, for one campaign's options: real syncs, or a test's.</summary>
public delegate SyncStep VisitSteps(SyncOptions options);
