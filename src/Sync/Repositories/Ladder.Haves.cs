using Actors.Git.Objects;
using Actors.Git.Refs;
using Actors.Git.Remotes;
using Actors.Store.Heads;

namespace Actors.Sync.Repositories;

/// <summary>Rungs whose haves come from what is known already: own heads, known tips, samples of their history.</summary>
internal sealed partial class Ladder
{
    private async Task<RungEnd> FetchOwnHeadsAsync(CancellationToken cancellationToken)
    {
        Oid[] moved = await FindMovedHeadsAsync(cancellationToken).ConfigureAwait(false);
        List<IReadOnlyList<Oid>> lines = await ReadNearLinesAsync(moved, cancellationToken).ConfigureAwait(false);
        List<Oid> haves = [.. lines.SelectMany(line => line)];
        if (moved.Length == 0)
        {
            haves.AddRange(_knownTips);
        }
        else if (haves.Count < Limits.FirstHaves && HasNewRefs())
        {
            // Known tips are common for certain, so a far one, as old tags and branches are, makes the server ready before
            // a near one was found: beside moved heads only branches, and only where new refs may begin there.
            haves.AddRange(_knownTips.Where(IsBranch));
        }

        Oid[] sent = [.. haves.Distinct().Take(Math.Max(Limits.FirstHaves, moved.Length))];
        return sent.Length == 0
            ? RungEnd.NotCarried
            : await FetchAndCommitAsync(
                new FetchRequest
                {
                    Wants = _missing,
                    Haves = sent,
                    NothingInCommon = NothingInCommon.Stop,
                    // Every head was found again, itself or just below: what it reaches is left out, wherever the wants begin.
                    CommonSuffices = common => lines.TrueForAll(line => line.Any(common.Contains)),
                },
                cancellationToken).ConfigureAwait(false);
    }

    private async Task<RungEnd> FetchSampledAsync(CancellationToken cancellationToken)
    {
        Oid[] moved = await FindMovedHeadsAsync(cancellationToken).ConfigureAwait(false);
        var haves = new List<Oid>();
        foreach (Oid head in moved.Take(Limits.SampledLinesMax))
        {
            IReadOnlyList<Oid> line = await ReadLineAsync(head, Limits.SampledLineLength, cancellationToken).ConfigureAwait(false);
            if (_profile is not { Version: 2, WaitForDone: true })
            {
                haves.AddRange(HaveSampling.Spread(line.Count).Select(place => line[place]));
                continue;
            }

            (IReadOnlyList<Oid> common, RemoteFailure? failure) = await BisectAsync(line, cancellationToken).ConfigureAwait(false);
            if (EndsVisit(failure))
            {
                return RungEnd.Failed(failure!);
            }

            haves.AddRange(common);
        }

        return await FetchWithAsync(haves, cancellationToken).ConfigureAwait(false);
    }

    private async Task<RungEnd> FetchLegacyAsync(CancellationToken cancellationToken)
    {
        Oid[] moved = await FindMovedHeadsAsync(cancellationToken).ConfigureAwait(false);
        List<Oid> haves = [.. (await ReadNearLinesAsync(moved, cancellationToken).ConfigureAwait(false)).SelectMany(line => line)];
        foreach (Oid head in moved.Take(Limits.SampledLinesMax))
        {
            IReadOnlyList<Oid> line = await ReadLineAsync(head, Limits.SampledLineLength, cancellationToken).ConfigureAwait(false);
            haves.AddRange(HaveSampling.Spread(line.Count).Select(place => line[place]));
        }

        return await FetchWithAsync(haves, cancellationToken).ConfigureAwait(false);
    }

    private Task<RungEnd> FetchWithAsync(List<Oid> haves, CancellationToken cancellationToken)
    {
        Oid[] sent = [.. haves.Concat(_knownTips).Distinct().Take(Limits.HavesMax)];
        return FetchAndCommitAsync(
            new FetchRequest { Wants = _missing, Haves = sent, NothingInCommon = NothingInCommon.FetchAll }, cancellationToken);
    }

    /// <summary>Asks which commits of a line the server has, spread first, then between the last that it lacks and the first that it has.</summary>
    /// <returns>The newest commit of the line that the server has, or none; and what ended the asking, if that was a failure.</returns>
    private async Task<(IReadOnlyList<Oid> Common, RemoteFailure? Failure)> BisectAsync(IReadOnlyList<Oid> line, CancellationToken cancellationToken)
    {
        int lacking = -1;
        int common = line.Count;
        IReadOnlyList<int> asked = HaveSampling.Spread(line.Count);
        for (int round = 0; round < Limits.BisectRoundsMax && asked.Count > 0; round++)
        {
            FetchResult result = await FetchAsync(
                new FetchRequest { Wants = [], Haves = [.. asked.Select(place => line[place])], OnlyCommon = true },
                static (_, _) => Task.CompletedTask,
                cancellationToken).ConfigureAwait(false);
            if (result.Failure is not null)
            {
                return (common < line.Count ? [line[common]] : [], result.Failure);
            }

            var acknowledged = result.Common.ToHashSet();
            foreach (int place in asked)
            {
                if (acknowledged.Contains(line[place]))
                {
                    common = Math.Min(common, place);
                }
            }

            lacking = asked.Where(place => place < common).DefaultIfEmpty(lacking).Max();
            asked = common == line.Count ? [] : HaveSampling.Between(lacking, common);
        }

        return (common < line.Count ? [line[common]] : [], null);
    }

    /// <summary>Commits of our snapshot that the remote does not show any more under the same name, nearest to HEAD first.</summary>
    private async Task<Oid[]> FindMovedHeadsAsync(CancellationToken cancellationToken)
    {
        if (previous is null)
        {
            return [];
        }

        var shown = _tips.Ends.ToHashSet();
        Oid[] gone = [.. previous.Branches
            .Where(branch => !branch.Oid.IsZero && !shown.Contains(branch.Peeled ?? branch.Oid))
            .OrderBy(branch => TipSet.Rank(branch.Name))
            .Select(branch => branch.Peeled ?? branch.Oid)];
        Oid[] commits = await KeepCommitsAsync(gone, cancellationToken).ConfigureAwait(false);
        return commits.Length <= Limits.MovedHeadsMax ? commits : commits[..Limits.MovedHeadsMax];
    }

    /// <summary>
    /// Moved heads, each with a few ancestors when there are few: a rewritten head is not on the remote any more, but what
    /// lies under a short rewrite is.
    /// </summary>
    private async Task<List<IReadOnlyList<Oid>>> ReadNearLinesAsync(Oid[] moved, CancellationToken cancellationToken)
    {
        var lines = new List<IReadOnlyList<Oid>>(moved.Length);
        int each = Math.Max(1, Limits.FirstHaves / 2 / Math.Max(1, moved.Length));
        foreach (Oid head in moved)
        {
            lines.Add(await ReadLineAsync(head, each, cancellationToken).ConfigureAwait(false));
        }

        return lines;
    }

    /// <summary>A commit and its first parents, as the store has them.</summary>
    private async ValueTask<IReadOnlyList<Oid>> ReadLineAsync(Oid head, int length, CancellationToken cancellationToken)
    {
        var line = new List<Oid>(Math.Min(length, 64)) { head };
        while (line.Count < length)
        {
            GitObject? commit = await objects.ReadAsync(line[^1], Limits.CommitBytesMax, cancellationToken).ConfigureAwait(false);
            if (commit is not { Type: ObjectType.Commit } || CommitLinks.Read(commit).Parents is not [var first, ..])
            {
                break;
            }

            line.Add(first);
        }

        return line;
    }

    /// <summary>Whether something unknown is shown under a name that our snapshot has not.</summary>
    private bool HasNewRefs()
    {
        HashSet<RefName> names = [.. previous!.Branches.Select(branch => branch.Name)];
        return _tips.Names.Where((name, i) => !_present[i] && !names.Contains(name)).Any();
    }

    private bool IsBranch(Oid commit) => _tips.Ends.AsSpan(0, _tips.BranchCount).Contains(commit);
}
