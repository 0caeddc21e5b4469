using Actors.Git;
using Actors.Git.Objects;
using Actors.Git.Refs;
using Actors.Git.Remotes;

namespace Actors.Sync.Repositories;

/// <summary>The objects that a remote's refs name, each once, in the order in which they tell most: HEAD, branches, others, tags.</summary>
internal sealed class TipSet
{
    private TipSet(RefTip[] tips)
    {
        Oids = Array.ConvertAll(tips, tip => tip.Oid);
        Ends = Array.ConvertAll(tips, tip => tip.Peeled ?? tip.Oid);
        Names = Array.ConvertAll(tips, tip => tip.Name);
        BranchCount = tips.Count(tip => Rank(tip.Name) <= 1);
    }

    /// <summary>What refs point to.</summary>
    public Oid[] Oids { get; }

    /// <summary>At the same places: where the chain of tags ends, or the object itself.</summary>
    public Oid[] Ends { get; }

    /// <summary>At the same places: the ref, or the first of several.</summary>
    public RefName[] Names { get; }

    /// <summary>How many of them, from the start, are HEAD's and branches'.</summary>
    public int BranchCount { get; }

    /// <exception cref="GitFormatException">Two lines for one ref.</exception>
    public static TipSet Of(RefAdvertisement refs)
    {
        var names = new HashSet<RefName>(refs.Tips.Count);
        var seen = new HashSet<Oid>(refs.Tips.Count);
        var tips = new List<RefTip>(refs.Tips.Count);
        foreach (RefTip tip in refs.Tips)
        {
            if (!names.Add(tip.Name))
            {
                throw new GitFormatException(GitFormatError.Advertisement, $"The remote shows {tip.Name} twice.");
            }

            if (!tip.Oid.IsZero)
            {
                tips.Add(tip);
            }
        }

        return new TipSet([.. tips.OrderBy(tip => Rank(tip.Name)).Where(tip => seen.Add(tip.Oid))]);
    }

    /// <summary>0 for HEAD, 1 for branches, 2 for others, 3 for tags.</summary>
    internal static int Rank(RefName name) =>
        name == RefName.Head ? 0
        : name.StartsWith("refs/heads/"u8) ? 1
        : name.StartsWith("refs/tags/"u8) ? 3
        : 2;
}
