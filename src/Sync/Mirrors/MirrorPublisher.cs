using Actors.Git;
using Actors.Git.Lfs;
using Actors.Git.Remotes;
using Actors.Store.Blobs;
using Actors.Store.Heads;
using Actors.Store.Objects;

namespace Actors.Sync.Mirrors;

/// <summary>
/// Brings mirrors up to date with what the store holds: packs first, then what names them, the state document last. A reader
/// sees the old mirror or the new one; after a crash anywhere the next run converges. Safe for any number of calls at once,
/// and for several processes on one mirror.
/// </summary>
/// <param name="objects">Where the mirrors' objects are read.</param>
/// <param name="heads">Where snapshots are read.</param>
/// <param name="spool">Where packs lie while they are uploaded.</param>
/// <param name="clock">For times, graces and claims.</param>
/// <param name="random">Tells this writer's claims from others'; used under a lock.</param>
/// <param name="options">How.</param>
/// <param name="lfs">Fetches objects of Git LFS; needed where the options ask for them.</param>
public sealed partial class MirrorPublisher(
    IObjectStore objects, IHeadStore heads, MirrorSpool spool, TimeProvider clock, Random random, MirrorOptions options, LfsClient? lfs = null)
{
    private readonly Lock _randomGate = new();

    /// <summary>Makes or updates one mirror. What goes wrong is an outcome.</summary>
    /// <param name="source">Whose mirror it is.</param>
    /// <param name="snapshot">The heads that it is to show; the stores have them and all that they reach.</param>
    /// <param name="target">The mirror.</param>
    /// <param name="cancellationToken">The caller's: readers see the old mirror or the new one.</param>
    /// <exception cref="OperationCanceledException"><paramref name="cancellationToken"/> was cancelled.</exception>
    public async Task<MirrorReport> PublishAsync(RepositoryUrl source, SnapshotId snapshot, IBlobStore target, CancellationToken cancellationToken)
    {
        long began = clock.GetTimestamp();
        CountedBlobs blobs = new(target);
        MirrorReport report;
        try
        {
            report = await TryPublishAsync(source, snapshot, blobs, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception e) when (!cancellationToken.IsCancellationRequested)
        {
            report = new MirrorReport { Source = source, Target = blobs.Location, Outcome = MirrorOutcome.Failed, Error = Explain(e) };
        }

        return report with { BytesSent = blobs.BytesSent, ElapsedMs = (long)clock.GetElapsedTime(began).TotalMilliseconds };
    }

    private static string Explain(Exception exception)
    {
        string text = exception switch
        {
            BlobStoreException or MirrorRefusedException or InvalidDataException => exception.Message,
            KeyNotFoundException or GitFormatException => $"our own store is not whole: {exception.Message}",
            IOException or UnauthorizedAccessException => $"our own storage failed: {exception.Message}",
            OperationCanceledException => "the last writes took too long; another writer may go on, and so does the next run",
            _ => $"our own failure: {exception.GetType().Name}: {exception.Message}",
        };
        return text.Length <= Limits.ErrorCharsMax ? text : text[..Limits.ErrorCharsMax];
    }

    private async Task<MirrorReport> TryPublishAsync(RepositoryUrl source, SnapshotId id, CountedBlobs blobs, CancellationToken cancellationToken)
    {
        for (int attempt = 0; attempt < Limits.MirrorAttemptsMax; attempt++)
        {
            // 1. What is there. Of an unchanged mirror this is all.
            MirrorState? before = await ReadStateAsync(blobs, cancellationToken).ConfigureAwait(false);
            await CheckOursAsync(source, before, blobs, cancellationToken).ConfigureAwait(false);
            if (before is not null && IsCurrent(before, id))
            {
                return Report(source, blobs, MirrorOutcome.Unchanged, before);
            }

            // 2. The new one, its packs at their places.
            Snapshot snapshot = await heads.ReadSnapshotAsync(id, cancellationToken).ConfigureAwait(false)
                ?? throw new KeyNotFoundException($"there is no snapshot {id}");
            MirrorDraft draft = await DraftAsync(source, snapshot, before, blobs, cancellationToken).ConfigureAwait(false);

            // 3. What names them, as the only writer.
            if (await CommitAsync(draft, blobs, cancellationToken).ConfigureAwait(false) is { } state)
            {
                MirrorOutcome outcome = draft.Lfs.Failure is not null ? MirrorOutcome.Failed
                    : before is null ? MirrorOutcome.Created
                    : MirrorOutcome.Updated;
                return Report(source, blobs, outcome, state) with
                {
                    Error = draft.Lfs.Failure,
                    NewObjects = draft.NewObjects,
                    HistoryKept = draft.HistoryKept,
                    PacksMerged = draft.PacksMerged,
                    LfsObjects = draft.Lfs.Brought,
                };
            }
        }

        throw new MirrorRefusedException($"other writers published this mirror {Limits.MirrorAttemptsMax} times meanwhile");
    }

    private static MirrorReport Report(RepositoryUrl source, CountedBlobs blobs, MirrorOutcome outcome, MirrorState state) => new()
    {
        Source = source,
        Target = blobs.Location,
        Outcome = outcome,
        Snapshot = state.Snapshot,
        Refs = state.Refs,
        Packs = state.Packs.Count,
        LfsMissing = state.LfsMissing,
    };

    private static async Task<MirrorState?> ReadStateAsync(CountedBlobs blobs, CancellationToken cancellationToken) =>
        await blobs.ReadAsync(MirrorLayout.State, Limits.MirrorStateBytesExpected, Limits.MirrorStateBytesMax, cancellationToken).ConfigureAwait(false)
            is { } bytes ? MirrorStateCodec.Read(bytes) : null;

    /// <summary>Somebody else's repository is not overwritten by a mistyped target.</summary>
    private async Task CheckOursAsync(RepositoryUrl source, MirrorState? before, CountedBlobs blobs, CancellationToken cancellationToken)
    {
        if (options.TakeOver)
        {
            return;
        }

        if (before is not null && before.Source != source.ToString())
        {
            throw new MirrorRefusedException($"{blobs.Location} is the mirror of {before.Source}: choose another target, or take it over");
        }

        if (before is null && await blobs.HasAsync(MirrorLayout.Head, cancellationToken).ConfigureAwait(false))
        {
            throw new MirrorRefusedException($"{blobs.Location} holds a repository that is no mirror of ours: choose another target, or take it over");
        }
    }

    private bool IsCurrent(MirrorState state, SnapshotId id)
    {
        DateTimeOffset now = clock.GetUtcNow();
        return state.IsPublished && state.Snapshot == id
            && !state.Retired.Any(pack => IsDue(pack, now))
            && !(options.Bundle && state.Bundle is null && state.Refs > 0)
            && !(options.Lfs && state.LfsGeneration != state.Generation);
    }

    private bool IsDue(RetiredPack pack, DateTimeOffset now) => now - pack.At >= options.Grace;
}
