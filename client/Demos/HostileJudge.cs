using Actors.Git.Remotes;
using Actors.Store.Heads;

namespace Actors.Client.Demos;

/// <summary>Compares what the store knows of a name with the truth, and lets git read its objects.</summary>
/// <param name="heads">The store's.</param>
/// <param name="judge">A repository that reads the store's objects through alternates.</param>
internal sealed class HostileJudge(IHeadStore heads, string judge)
{
    /// <summary>What is wrong, or null.</summary>
    public async Task<string?> FindWrongAsync(HostileName name, CancellationToken cancellationToken)
    {
        RepositoryState? state = (await heads.FindAsync([RepositoryUrl.Parse(name.Url)], cancellationToken))[0];
        if (state is null)
        {
            return "has no outcome at all";
        }

        if (name.Folder is not { } truth)
        {
            return state.Outcome.IsSuccess() ? $"is {state.Outcome.ToName()}, and nothing is there that could be"
                : name.Lost.Count == 0 && state.Snapshot is not null ? "has heads that nobody showed"
                : await FindLostAsync(name, cancellationToken);
        }

        if (!state.Outcome.IsSuccess())
        {
            return $"is {state.Outcome.ToName()}, and its repository is there";
        }

        SortedDictionary<string, string> shown = await HostileRepositories.ReadRefsAsync(truth, cancellationToken);
        Snapshot snapshot = (await heads.ReadSnapshotAsync(state.Snapshot!.Value, cancellationToken))!;
        SortedDictionary<string, string> kept = new(StringComparer.Ordinal);
        foreach (SnapshotBranch branch in snapshot.Branches.Where(branch => branch.Target != SnapshotTarget.Alias))
        {
            kept[branch.Name.ToString()] = branch.Oid.ToString();
        }

        string tips = string.Concat(shown.Values.Distinct().Select(oid => oid + "\n"));
        return !shown.SequenceEqual(kept) ? $"shows {shown.Count} refs, and other heads are kept"
            : await ReachedAsync(truth, tips, cancellationToken) != await ReachedAsync(judge, tips, cancellationToken) ? "lacks objects"
            : await FindLostAsync(name, cancellationToken);
    }

    private async Task<string?> FindLostAsync(HostileName name, CancellationToken cancellationToken)
    {
        if (name.Lost.Count == 0)
        {
            return null;
        }

        string found = await Git.RunAsync(judge, writer => writer.Write(string.Concat(name.Lost.Select(oid => oid + "\n"))), cancellationToken, "cat-file", "--batch-check");
        return found.Contains(" missing", StringComparison.Ordinal) ? "has lost what it once showed" : null;
    }

    private static Task<string> ReachedAsync(string repository, string tips, CancellationToken cancellationToken) =>
        Git.RunAsync(repository, writer => writer.Write(tips), cancellationToken, "rev-list", "--objects", "--no-object-names", "--stdin");
}
