using System.Globalization;
using Actors.Store.Blobs;

namespace Actors.Sync.Mirrors;

public sealed partial class MirrorPublisher
{
    /// <summary>Publishes a draft as the only writer. Null: another writer published meanwhile, and the draft is worth nothing.</summary>
    private async Task<MirrorState?> CommitAsync(MirrorDraft draft, CountedBlobs blobs, CancellationToken cancellationToken)
    {
        if (await TryClaimAsync(draft, blobs, cancellationToken).ConfigureAwait(false) is not var (claimed, writtenUntil))
        {
            return null;
        }

        // Nothing is written after the claim is over: the next writer relies on it.
        TimeSpan left = writtenUntil - clock.GetUtcNow();
        using CancellationTokenSource over = new(left > TimeSpan.Zero ? left : TimeSpan.Zero, clock);
        using var until = CancellationTokenSource.CreateLinkedTokenSource(over.Token, cancellationToken);
        MirrorState state = draft.State with
        {
            Generation = claimed,
            LfsGeneration = draft.State.LfsGeneration == draft.State.Generation ? claimed : draft.State.LfsGeneration,
        };
        BlobKey claim = MirrorLayout.ClaimOf(claimed);
        try
        {
            // 1. A writer that is killed from here on leaves a state that tells so, with all packs that either generation needs.
            await blobs.PutJsonAsync(MirrorLayout.State, MirrorStateCodec.Write(state with { IsPublished = false }), until.Token).ConfigureAwait(false);

            // 2. Packs before refs: whoever reads the new refs finds their objects. Old refs stay reachable in the new packs.
            await blobs.PutTextAsync(MirrorLayout.Packs, MirrorRefs.FormatPacks(state.Packs), until.Token).ConfigureAwait(false);
            await blobs.PutTextAsync(MirrorLayout.Refs, draft.Refs, until.Token).ConfigureAwait(false);
            await blobs.PutTextAsync(MirrorLayout.Head, draft.Head, until.Token).ConfigureAwait(false);

            // 3. What nobody needs any more; deleted before the state forgets it. Earlier claims go with it, this one stays.
            long first = draft.Before?.Generation ?? 1;
            List<BlobKey> claims = [.. Enumerable.Range(0, (int)Math.Min(claimed - first, Limits.MirrorClaimsMax)).Select(i => MirrorLayout.ClaimOf(first + i))];
            await blobs.DeleteAsync([.. draft.Deletions, .. claims], until.Token).ConfigureAwait(false);

            // 4. The commit point of what we know.
            await blobs.PutJsonAsync(MirrorLayout.State, MirrorStateCodec.Write(state), until.Token).ConfigureAwait(false);
            return state;
        }
        catch when (!over.IsCancellationRequested)
        {
            await TryReleaseAsync(claim, blobs).ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>Makes the claim of the next generation that is free. Null: the mirror was published meanwhile.</summary>
    private async Task<(long Generation, DateTimeOffset Until)?> TryClaimAsync(MirrorDraft draft, CountedBlobs blobs, CancellationToken cancellationToken)
    {
        // A state that is not published is its writer's until the claim is over or released.
        if (draft.Before is { IsPublished: false } unfinished)
        {
            await WaitForAsync(unfinished.Generation, blobs, cancellationToken).ConfigureAwait(false);
        }

        string writer = NextWriter();
        for (long generation = draft.State.Generation, last = generation + Limits.MirrorClaimsMax; generation < last; generation++)
        {
            MirrorClaim claim = new(writer, clock.GetUtcNow() + options.ClaimTime);
            bool first = await blobs.PutFirstAsync(MirrorLayout.ClaimOf(generation), claim.ToBytes(), cancellationToken).ConfigureAwait(false)
                || await ReadClaimAsync(generation, blobs, cancellationToken).ConfigureAwait(false) is { } found && found.Writer == writer;
            if (!first)
            {
                await WaitForAsync(generation, blobs, cancellationToken).ConfigureAwait(false);
            }

            // Whoever published in the meantime may have removed its claim already: the state tells.
            MirrorState? now = await ReadStateAsync(blobs, cancellationToken).ConfigureAwait(false);
            if (now?.Generation != draft.Before?.Generation || now?.IsPublished != draft.Before?.IsPublished)
            {
                if (first)
                {
                    await TryReleaseAsync(MirrorLayout.ClaimOf(generation), blobs).ConfigureAwait(false);
                }

                return null;
            }

            if (first)
            {
                return (generation, claim.Until);
            }
        }

        throw new MirrorRefusedException($"{Limits.MirrorClaimsMax} writers in a row claimed this mirror and did not publish it");
    }

    /// <summary>Waits until a claim is over, released or used; not at all where there is none.</summary>
    private async Task WaitForAsync(long generation, CountedBlobs blobs, CancellationToken cancellationToken)
    {
        DateTimeOffset began = clock.GetUtcNow();
        while (await ReadClaimAsync(generation, blobs, cancellationToken).ConfigureAwait(false) is { } claim)
        {
            // A claim far in the future is a wrong clock, not a wish.
            DateTimeOffset until = claim.Until < began + options.ClaimTime ? claim.Until : began + options.ClaimTime;
            TimeSpan left = until - clock.GetUtcNow();
            if (left <= TimeSpan.Zero)
            {
                return;
            }

            await Task.Delay(left < Limits.MirrorClaimLook ? left : Limits.MirrorClaimLook, clock, cancellationToken).ConfigureAwait(false);
            if (await ReadStateAsync(blobs, cancellationToken).ConfigureAwait(false) is { IsPublished: true } state && state.Generation >= generation)
            {
                return;
            }
        }
    }

    private static async Task<MirrorClaim?> ReadClaimAsync(long generation, CountedBlobs blobs, CancellationToken cancellationToken) =>
        await blobs.ReadAsync(MirrorLayout.ClaimOf(generation), MirrorClaim.BytesMax, MirrorClaim.BytesMax + 1, cancellationToken).ConfigureAwait(false)
            is { } bytes ? MirrorClaim.Parse(bytes) : null;

    /// <summary>Spares the next writer the wait; without success it waits.</summary>
    private static async Task TryReleaseAsync(BlobKey claim, CountedBlobs blobs)
    {
        try
        {
            await blobs.DeleteAsync([claim], CancellationToken.None).ConfigureAwait(false);
        }
        catch (IOException)
        {
            // What failed before is told.
        }
    }

    private string NextWriter()
    {
        lock (_randomGate)
        {
            return random.NextInt64().ToString("x16", CultureInfo.InvariantCulture);
        }
    }
}
