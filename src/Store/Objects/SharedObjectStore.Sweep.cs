using Actors.Store.Blobs;
using Actors.Store.Catalogue;

namespace Actors.Store.Objects;

public sealed partial class SharedObjectStore
{
    private const string SweepLease = "sweep";
    private const string SweptLease = "swept";
    private const int SweepBatch = 1000;

    private static readonly TimeSpan SweepInterval = TimeSpan.FromHours(1);

    private long _sweptAt;

    /// <summary>
    /// Removes blobs that count for nothing: those of uploads whose process died, those that compactions replaced long enough ago,
    /// and those that a row of the catalogue no longer rests on. One process does it at a time; nothing is wrong when two do.
    /// </summary>
    /// <returns>How many blobs were removed.</returns>
    /// <exception cref="IOException">The catalogue or the blobs cannot be reached; what is left is removed the next time.</exception>
    public async Task<int> SweepAsync(CancellationToken cancellationToken)
    {
        DateTimeOffset now = _clock.GetUtcNow();
        Volatile.Write(ref _sweptAt, _clock.GetTimestamp());
        return await WithLeaseAsync(
            SweepLease,
            async () =>
            {
                int removed = await SweepUploadsAsync(now - _options.UploadAgeMax, cancellationToken).ConfigureAwait(false);
                removed += await SweepReplacedAsync(now - _options.ReplacedGrace, cancellationToken).ConfigureAwait(false);
                removed += await SweepStrayAsync(now - _options.UploadAgeMax, cancellationToken).ConfigureAwait(false);
                _ = await _blobs.AbortUploadsAsync(now - _options.UploadAgeMax, cancellationToken).ConfigureAwait(false);
                return removed;
            },
            cancellationToken).ConfigureAwait(false);
    }

    private async Task SweepIfDueAsync(CancellationToken cancellationToken)
    {
        if (_clock.GetElapsedTime(Volatile.Read(ref _sweptAt)) >= SweepInterval)
        {
            Volatile.Write(ref _sweptAt, _clock.GetTimestamp());

            // A lease that is not given back: whichever process comes first, the next sweep is an interval later.
            if (await _catalogue.TryLeaseAsync(SweptLease, Text(_clock.GetUtcNow().Ticks), SweepInterval, cancellationToken).ConfigureAwait(false))
            {
                _ = await SweepAsync(cancellationToken).ConfigureAwait(false);
            }
        }
    }

    /// <summary>Uploads that take too long: the intent goes first, so that whoever is slow and not dead cannot commit any more.</summary>
    private async Task<int> SweepUploadsAsync(DateTimeOffset begunBefore, CancellationToken cancellationToken)
    {
        int removed = 0;
        foreach (UploadIntent upload in await _catalogue.ListUploadsAsync(begunBefore, cancellationToken).ConfigureAwait(false))
        {
            if (await _catalogue.GiveUpUploadAsync(upload.Id, cancellationToken).ConfigureAwait(false))
            {
                Step("upload-given-up");
                await _blobs.DeleteAsync(upload.Keys, cancellationToken).ConfigureAwait(false);
                removed += upload.Keys.Count;
            }
        }

        return removed;
    }

    /// <summary>The row is marked first: what a crash leaves in between is stray.</summary>
    private async Task<int> SweepReplacedAsync(DateTimeOffset replacedBefore, CancellationToken cancellationToken)
    {
        List<BlobKey> keys =
        [
            .. (await _catalogue.TakeReplacedPacksAsync(replacedBefore, cancellationToken).ConfigureAwait(false)).SelectMany(pack => (BlobKey[])[pack.PackKey, pack.IndexKey]),
            .. (await _catalogue.TakeReplacedRunsAsync(replacedBefore, cancellationToken).ConfigureAwait(false)).Select(run => run.Key),
        ];
        Step("replaced-taken");
        if (keys.Count > 0)
        {
            await _blobs.DeleteAsync(keys, cancellationToken).ConfigureAwait(false);
        }

        return keys.Count;
    }

    /// <summary>
    /// Blobs without a row. A blob comes after its upload's row, so one that was listed before the rows are looked at and has none will never
    /// have one: the number in its name is not given again. The age is on top, against clocks and hands that meddle.
    /// </summary>
    private async Task<int> SweepStrayAsync(DateTimeOffset writtenBefore, CancellationToken cancellationToken)
    {
        int removed = 0;
        foreach (string prefix in BlobNames.Prefixes)
        {
            var found = new List<(BlobKey Key, long Upload)>();
            await foreach (BlobProperties blob in _blobs.ListAsync(prefix, cancellationToken).ConfigureAwait(false))
            {
                if (blob.WrittenAt < writtenBefore && BlobNames.UploadOf(blob.Key) is long upload)
                {
                    found.Add((blob.Key, upload));
                }

                if (found.Count == SweepBatch)
                {
                    removed += await RemoveStrayAsync(found, cancellationToken).ConfigureAwait(false);
                    found.Clear();
                }
            }

            removed += await RemoveStrayAsync(found, cancellationToken).ConfigureAwait(false);
        }

        return removed;
    }

    private async Task<int> RemoveStrayAsync(List<(BlobKey Key, long Upload)> found, CancellationToken cancellationToken)
    {
        if (found.Count == 0)
        {
            return 0;
        }

        HashSet<long> needed = await _catalogue.FindNeededUploadsAsync([.. found.Select(one => one.Upload).Distinct()], cancellationToken).ConfigureAwait(false);
        BlobKey[] stray = [.. found.Where(one => !needed.Contains(one.Upload)).Select(one => one.Key)];
        if (stray.Length > 0)
        {
            await _blobs.DeleteAsync(stray, cancellationToken).ConfigureAwait(false);
        }

        return stray.Length;
    }
}
