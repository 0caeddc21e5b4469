namespace Actors.Benchmarks;

/// <summary>The benchmarks by name. Each writes its table to <c>Results/</c>, rival beside ours in the same run.</summary>
internal static class BenchmarkVerbs
{
    /// <summary>One line a benchmark: name, usage, entry point.</summary>
    private static readonly (string Name, string Usage, Func<string[], Task<int>> Run)[] Verbs =
    [
        ("collision-detection", "collision-detection", Collisions.CollisionBenchmark.RunAsync),
        ("index-pack", "index-pack PACK… | REPOSITORY:COMMITS…: the pack indexer beside git index-pack", IndexPack.IndexPackBenchmark.RunAsync),
        ("index-pack-client", "index-pack-client PACK INDEX references|index-only: ours in a process; started by the above", IndexPack.IndexPackClient.RunAsync),
        ("object-index", "object-index [MILLIONS] [--own-only]", ObjectIndex.ObjectIndexBenchmark.RunAsync),
        ("shared-index", SharedIndexes.SharedIndexBenchmark.Usage, SharedIndexes.SharedIndexBenchmark.RunAsync),
        ("shared-index-peer", "shared-index-peer CONNECTION FOLDER: the second process; started by the above", SharedIndexes.SharedIndexPeer.RunAsync),
        ("store", "store REPOSITORY: the local object store with a bare repository's pack, beside git", ObjectStores.StoreBenchmark.RunAsync),
        ("shared-store", ObjectStores.SharedStoreBenchmark.Usage, ObjectStores.SharedStoreBenchmark.RunAsync),
        ("heads", "heads [REPOSITORIES…]: the head database, µs of CPU to look up and record", Heads.HeadStoreBenchmark.RunAsync),
        ("changed-refs", Heads.ChangedRefsBenchmark.Usage, Heads.ChangedRefsBenchmark.RunAsync),
        ("heads-postgres", Heads.PostgresHeadsBenchmark.Usage, Heads.PostgresHeadsBenchmark.RunAsync),
        ("ladder", "ladder BASE [FORK [OTHER]]   bytes of a sync against git's own, on bare repositories", Ladder.LadderBenchmark.RunAsync),
        ("probe", "probe [PROBES]: µs of CPU a probe, the wire alone, beside git ls-remote", Probes.ProbeBenchmark.RunAsync),
        ("probe-client", "probe-client ADDRESS PROBES CONNECTIONS: started by probe", Probes.ProbeClient.RunAsync),
        ("workspaces", "workspaces REPOSITORY…: a further use of a stored repository, beside git clone, git clone --reference and git worktree add", Workspaces.WorkspacesBenchmark.RunAsync),
        ("unchanged", "unchanged [REPOSITORIES]: a campaign in which nothing has changed, beside git ls-remote and libgit2", Unchanged.UnchangedBenchmark.RunAsync),
        ("memory", "memory [REPOSITORIES…]: memory and cost by the length of a campaign", Unchanged.MemoryBenchmark.RunAsync),
        ("unchanged-packages", Unchanged.UnchangedPackagesBenchmark.Usage, Unchanged.UnchangedPackagesBenchmark.RunAsync),
        ("engine-share", "engine-share [REPOSITORIES]: the engine alone, without wire", Unchanged.EngineShareBenchmark.RunAsync),
        ("unchanged-client", "unchanged-client ADDRESS REPOSITORIES CONNECTIONS FOLDER OUTCOME: one campaign; started by the two above", Unchanged.UnchangedClient.RunAsync),
        ("libgit2-client", "libgit2-client ADDRESS REPOSITORIES THREADS: the rival; started by unchanged", Unchanged.LibGit2Client.RunAsync),
        ("reply-server", "reply-server OID DELAY-MS [CERTIFICATE]: a forge that never changes; started by the others", Unchanged.ReplyServer.RunAsync),
        ("schedule", Schedules.ScheduleBenchmark.Usage, Schedules.ScheduleBenchmark.RunAsync),
        ("patience", Patience.PatienceBenchmark.Usage, Patience.PatienceBenchmark.RunAsync),
        ("forks", Forks.ForksBenchmark.Usage, Forks.ForksBenchmark.RunAsync),
        ("mirror", Mirrors.MirrorBenchmark.Usage, Mirrors.MirrorBenchmark.RunAsync),
        ("archives", Archives.ArchiveBenchmark.Usage, Archives.ArchiveBenchmark.RunAsync),
        ("archive-client", "archive-client ARCHIVE FOLDER LEVEL: ours in a process; started by archives", Archives.ArchiveClient.RunAsync),
        ("releases", Archives.ReleasesBenchmark.Usage, Archives.ReleasesBenchmark.RunAsync),
        ("releases-client", "releases-client FOLDER whole|deltas ARCHIVE…: ours in a process; started by releases", Archives.ReleasesClient.RunAsync),
        ("chaos", Chaos.EmbeddedChaosBenchmark.Usage, Chaos.EmbeddedChaosBenchmark.RunAsync),
        ("cluster", Clusters.ClusterBenchmark.Usage, Clusters.ClusterBenchmark.RunAsync),
        ("cluster-chaos", Clusters.ChaosBenchmark.Usage, Clusters.ChaosBenchmark.RunAsync),
        ("cluster-real", Clusters.RealBenchmark.Usage, Clusters.RealBenchmark.RunAsync),
        ("many-forges", "many-forges HOSTS DELAY-MS REPOSITORIES REAL FOLDER: simulated forge hosts; started by the cluster benchmarks", Clusters.ManyForges.RunAsync),
        ("first-sync", FirstSync.FirstSyncBenchmark.Usage, FirstSync.FirstSyncBenchmark.RunAsync),
    ];

    public static async Task<int> RunAsync(string[] args)
    {
        foreach ((string name, _, Func<string[], Task<int>> run) in Verbs)
        {
            if (args.Length > 0 && args[0] == name)
            {
                return await run(args[1..]);
            }
        }

        Console.Error.WriteLine("usage: dotnet run --project tests/Benchmarks -c Release -- VERB [ARGUMENTS]");
        foreach ((_, string usage, _) in Verbs)
        {
            Console.Error.WriteLine("  " + usage);
        }

        return 1;
    }
}
