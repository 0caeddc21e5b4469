using Actors.Git.Objects;

namespace Actors.Store.Objects;

/// <summary>
/// Which of several groups of objects (packs of one ingest, ingests kept aside) can become visible together, and in what
/// order, so that the store is closed after each step. A group lacks oids that neither it nor the store has; another group may have them.
/// </summary>
internal sealed class PackDependencies
{
    private readonly List<Dictionary<Oid, List<int>>> _providers;
    private readonly bool[] _closed;

    private PackDependencies(List<Dictionary<Oid, List<int>>> providers)
    {
        _providers = providers;
        _closed = new bool[providers.Count];
        Array.Fill(_closed, true);
    }

    /// <summary>Whether group i has all that it lacks in groups that are closed themselves: the largest such set.</summary>
    public IReadOnlyList<bool> Closed => _closed;

    /// <summary>Solves for groups given by what each lacks.</summary>
    /// <param name="lacking">For each group the oids that neither it nor the store has.</param>
    /// <param name="has">Whether group i has an oid.</param>
    public static PackDependencies Solve(IReadOnlyList<IReadOnlyList<Oid>> lacking, Func<int, Oid, bool> has)
    {
        var holders = new Dictionary<Oid, List<int>>();
        var providers = new List<Dictionary<Oid, List<int>>>(lacking.Count);
        foreach (IReadOnlyList<Oid> oids in lacking)
        {
            var own = new Dictionary<Oid, List<int>>(oids.Count);
            foreach (Oid oid in oids)
            {
                if (!holders.TryGetValue(oid, out List<int>? groups))
                {
                    groups = [.. Enumerable.Range(0, lacking.Count).Where(i => has(i, oid))];
                    holders.Add(oid, groups);
                }

                own[oid] = groups;
            }

            providers.Add(own);
        }

        var solved = new PackDependencies(providers);
        solved.RemoveOpen();
        return solved;
    }

    /// <summary>
    /// The closed groups as batches: each batch needs only itself and batches before it. A batch of more than one needs
    /// each other both ways, and must become visible in one step.
    /// </summary>
    public IReadOnlyList<IReadOnlyList<int>> Batches()
    {
        List<int>[] needs = [.. _providers.Select((own, group) => NeedsOf(own, group))];
        List<int>[] neededBy = [.. needs.Select(_ => new List<int>())];
        for (int i = 0; i < needs.Length; i++)
        {
            needs[i].ForEach(need => neededBy[need].Add(i));
        }

        // Kosaraju: in the order of finishing along "needed by" reversed, each tree along "needs" is one component.
        var finished = new List<int>();
        var seen = new bool[needs.Length];
        foreach (int group in ClosedGroups())
        {
            Visit(group, needs, seen, finished);
        }

        // finished lists needs before needers, except inside components; walked backwards along neededBy, each tree is a component.
        var batches = new List<IReadOnlyList<int>>();
        Array.Clear(seen);
        for (int i = finished.Count - 1; i >= 0; i--)
        {
            var batch = new List<int>();
            Visit(finished[i], neededBy, seen, batch);
            if (batch.Count > 0)
            {
                batches.Add(batch);
            }
        }

        batches.Reverse();
        return batches;
    }

    private static void Visit(int start, List<int>[] edges, bool[] seen, List<int> finished)
    {
        if (seen[start])
        {
            return;
        }

        seen[start] = true;
        var path = new Stack<(int Group, int Next)>([(start, 0)]);
        while (path.TryPop(out (int Group, int Next) at))
        {
            if (at.Next == edges[at.Group].Count)
            {
                finished.Add(at.Group);
                continue;
            }

            path.Push((at.Group, at.Next + 1));
            int to = edges[at.Group][at.Next];
            if (!seen[to])
            {
                seen[to] = true;
                path.Push((to, 0));
            }
        }
    }

    private IEnumerable<int> ClosedGroups() => Enumerable.Range(0, _closed.Length).Where(i => _closed[i]);

    private List<int> NeedsOf(Dictionary<Oid, List<int>> own, int group) =>
        _closed[group] ? [.. own.Values.Select(holders => holders.First(i => _closed[i])).Distinct()] : [];

    private void RemoveOpen()
    {
        bool removed = true;
        while (removed)
        {
            removed = false;
            for (int i = 0; i < _closed.Length; i++)
            {
                if (_closed[i] && _providers[i].Values.Any(holders => !holders.Exists(holder => _closed[holder])))
                {
                    _closed[i] = false;
                    removed = true;
                }
            }
        }
    }
}
