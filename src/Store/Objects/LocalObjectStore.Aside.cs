using System.Runtime.CompilerServices;
using Actors.Git.Objects;
using Actors.Store.Packs;

namespace Actors.Store.Objects;

public sealed partial class LocalObjectStore
{
    private readonly SemaphoreSlim _reconsiders = new(1, 1);
    private readonly Lock _asideNames = new();

    /// <inheritdoc/>
    public async IAsyncEnumerable<AsidePack> ListAsideAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        foreach (AsideDirectory one in AsideDirectory.List(_layout))
        {
            cancellationToken.ThrowIfCancellationRequested();
            yield return one.Describe();
        }

        await Task.CompletedTask.ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public async Task<int> ReconsiderAsideAsync(CancellationToken cancellationToken)
    {
        DemandWriter();
        await _reconsiders.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            int visible = 0;
            int? published;
            while ((published = await ReconsiderOnceAsync(cancellationToken).ConfigureAwait(false)) is null or > 0)
            {
                visible += published ?? 0;
            }

            return visible;
        }
        finally
        {
            _ = _reconsiders.Release();
        }
    }

    Task IIngestTarget.KeepAsideAsync(PackIngest ingest, AsideNote note, IReadOnlyList<ObjectReference> missing, CancellationToken cancellationToken)
    {
        KeepAside(ingest, note, missing);
        return Task.CompletedTask;
    }

    void IIngestTarget.Forget(PackIngest ingest)
    {
    }

    private void KeepAside(PackIngest ingest, AsideNote note, IReadOnlyList<ObjectReference> missing)
    {
        DemandWriter();
        if (ingest.Packs.Count == 0)
        {
            return;
        }

        Oid name = AsideNote.NameOf(ingest.Packs);
        AsideNote dated = note with { KeptAt = _clock.GetUtcNow(), PackBytes = ingest.Packs.Sum(pack => pack.Bytes) };
        lock (_asideNames)
        {
            AsideDirectory.Keep(_layout, ingest.DirectoryPath, name, dated, [.. missing.Select(one => one.Oid)]);
        }

        Step("kept-aside");
    }

    /// <summary>Publishes what is closed now.</summary>
    /// <returns>How many packs became visible; null: a collision turned up, and the rest must be decided anew without it.</returns>
    private async Task<int?> ReconsiderOnceAsync(CancellationToken cancellationToken)
    {
        string directory = CreateIncoming();
        var candidates = new List<AsideCandidate>();
        try
        {
            candidates.AddRange(AsideDirectory.List(_layout).Where(one => one.Note.Colliding is null).Select(AsideCandidate.Open));
            PackDependencies solved = PackDependencies.Solve(
                [.. candidates.Select(one => FindAbsent(one.Directory.ReadMissing()))],
                (i, oid) => candidates[i].Packs.Exists(pack => pack.Pack.TryFind(oid, out _)));
            IReadOnlyList<IReadOnlyList<int>> batches = solved.Batches();
            foreach (IReadOnlyList<int> batch in batches)
            {
                if (FindAsideCollision([.. batch.Select(i => candidates[i])]))
                {
                    return null;
                }
            }

            int visible = 0;
            foreach (IReadOnlyList<int> batch in batches)
            {
                AsideCandidate[] members = [.. batch.Select(i => candidates[i])];
                if (!await PublishAsideAsync(members, directory, cancellationToken).ConfigureAwait(false))
                {
                    return null;
                }

                visible += members.Sum(one => one.Packs.Count);
            }

            return visible;
        }
        finally
        {
            candidates.ForEach(one => one.Dispose());
            Directory.Delete(directory, recursive: true);
        }
    }

    /// <summary>Compares a batch with the store and within itself; a collision is written in the note.</summary>
    private bool FindAsideCollision(AsideCandidate[] members)
    {
        var census = new IngestCensus([.. members.SelectMany(one => one.Packs)]);
        foreach (KnownObjects known in census.Look(LookUp(census.Packs)))
        {
            if (FindCollision([known]) is Oid colliding)
            {
                AsideDirectory bad = members.First(one => one.Packs.Contains(known.Pack)).Directory;
                bad.Annotate(bad.Note with { Colliding = colliding.ToString() });
                return true;
            }
        }

        return false;
    }

    private async Task<bool> PublishAsideAsync(AsideCandidate[] members, string directory, CancellationToken cancellationToken)
    {
        IncomingPack[] packs = [.. members.SelectMany(one => one.Packs)];
        var census = new IngestCensus(packs);
        using IncomingPack whole = packs.Length == 1
            ? packs[0].CopyTo(directory)
            : await MergeIncomingAsync(census, packs, directory, cancellationToken).ConfigureAwait(false);
        await _commits.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            // Under the gate nobody else commits, so that this comparison holds.
            if (FindAsideCollision(members))
            {
                return false;
            }

            _ = Publish(whole);
        }
        finally
        {
            _ = _commits.Release();
        }

        foreach (AsideCandidate one in members)
        {
            lock (_asideNames)
            {
                one.Directory.Remove();
            }

            Step("aside-removed");
        }

        return true;
    }
}
