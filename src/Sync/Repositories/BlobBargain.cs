namespace Actors.Sync.Repositories;

/// <summary>
/// Whether wanting blobs one by one is cheaper than the whole history. A wanted blob comes whole, while in a history the
/// versions of a file are deltas of one another.
/// </summary>
internal static class BlobBargain
{
    /// <summary>What a further version of a file costs in a history's pack, as a part of the first one: 10 to 20 % in real packs.</summary>
    private const double DeltaShare = 0.15;

    /// <summary>Files that one commit changes, in the mean of real histories.</summary>
    private const double BlobsPerCommit = 1.5;

    /// <summary>What came without blobs would come again with the whole history: about a tenth of a small one.</summary>
    private const double AlreadyHere = 1.1;

    /// <summary>A request for more blobs than these, 250 KB of it, is not worth that tenth.</summary>
    private const int FewBlobs = 5000;

    /// <summary>Decides from counts that a pack without blobs tells.</summary>
    /// <param name="missing">Blobs that the store lacks.</param>
    /// <param name="all">Blobs that the history refers to.</param>
    /// <param name="commits">Commits of the history.</param>
    public static bool WantMissing(long missing, long all, long commits)
    {
        if (missing == 0)
        {
            return true;
        }

        // How many versions each file has, roughly: what commits changed is not in the tip.
        double tip = Math.Max(all - (BlobsPerCommit * Math.Max(0, commits - 1)), all / 50.0);
        double versions = all / tip;
        double oneByOne = (double)missing / all * versions;
        double history = 1 + (DeltaShare * (versions - 1));
        return oneByOne < history || (missing <= FewBlobs && oneByOne <= history * AlreadyHere);
    }
}
