using Actors.Git.Objects;

namespace Actors.Sync.Repositories;

/// <summary>Where the history that a shallow probe showed meets the history that the store has.</summary>
/// <param name="Haves">Stored commits that unknown ones have as parents, nearest to the starts first: exact haves.</param>
/// <param name="Unknown">Commits of the probe, reached from the starts, that the store lacks.</param>
/// <param name="Cut">Unknown commits with a parent that the probe did not reach.</param>
internal sealed record CommitBoundary(IReadOnlyList<Oid> Haves, int Unknown, int Cut)
{
    /// <summary>Walks from the starts over unknown commits.</summary>
    /// <param name="commits">The probe's commits.</param>
    /// <param name="starts">Commits to walk from. What is neither here nor stored is no commit: a probe shows each start.</param>
    /// <param name="stored">Which of all commits and parents the store has.</param>
    public static CommitBoundary Find(
        IReadOnlyDictionary<Oid, CommitLinks> commits, IEnumerable<Oid> starts, IReadOnlySet<Oid> stored)
    {
        var seen = new HashSet<Oid>();
        var queue = new Queue<Oid>();
        var haves = new List<Oid>();
        int unknown = 0;
        int cut = 0;
        foreach (Oid start in starts)
        {
            if (stored.Contains(start) || commits.ContainsKey(start))
            {
                Visit(start);
            }
        }

        while (queue.TryDequeue(out Oid commit))
        {
            unknown++;
            int before = cut;
            foreach (Oid parent in commits[commit].Parents)
            {
                Visit(parent);
            }

            cut = Math.Min(cut, before + 1);
        }

        return new CommitBoundary(haves, unknown, cut);

        void Visit(Oid oid)
        {
            if (stored.Contains(oid))
            {
                if (seen.Add(oid))
                {
                    haves.Add(oid);
                }
            }
            else if (!commits.ContainsKey(oid))
            {
                cut++;
            }
            else if (seen.Add(oid))
            {
                queue.Enqueue(oid);
            }
        }
    }
}
