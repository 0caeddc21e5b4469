using System.Globalization;
using System.Text;
using Actors.Git.Objects;
using Actors.Git.Refs;
using Actors.Store.Objects;

namespace Actors.Sync.Mirrors;

/// <summary>Finds tips that a force-push or a deletion upstream would make unreachable, and names them so that they stay.</summary>
internal static class MirrorHistory
{
    /// <summary>The refs to keep, each as <c>refs/actors/history/TIME-GENERATION/NAME</c>, NAME without <c>refs/</c>.</summary>
    /// <param name="objects">The store. An old tip that it does not have is kept.</param>
    /// <param name="before">The refs that the mirror shows now, with what was kept earlier.</param>
    /// <param name="beforeHead">Its detached HEAD.</param>
    /// <param name="tips">What the new refs and HEAD point to.</param>
    /// <param name="generation">The new generation, so that no name comes twice.</param>
    /// <param name="at">The time of the new generation.</param>
    /// <param name="cancellationToken">Ends the search.</param>
    public static async Task<IReadOnlyList<MirrorRef>> FindLostAsync(
        IObjectStore objects, IReadOnlyList<MirrorRef> before, Oid? beforeHead, IReadOnlyCollection<Oid> tips, long generation, DateTimeOffset at,
        CancellationToken cancellationToken)
    {
        // 1. Old tips that are no tip any more, neither the source's nor one that we kept.
        HashSet<Oid> held = [.. tips, .. before.Where(MirrorRefs.IsHistory).Select(one => one.Oid)];
        List<MirrorRef> moved = [.. before.Where(one => !MirrorRefs.IsHistory(one) && !held.Contains(one.Oid))];
        if (beforeHead is { } detached && !held.Contains(detached))
        {
            moved.Add(new MirrorRef(RefName.Head, detached, null));
        }

        if (moved.Count == 0)
        {
            return [];
        }

        // 2. Of these, what the others do not reach. The walk errs only by calling something lost that is not.
        HashSet<Oid> lost = [.. await objects.FindAbsentAsync(moved.Select(one => one.Oid), cancellationToken).ConfigureAwait(false)];
        Oid[] known = [.. moved.Select(one => one.Oid).Where(oid => !lost.Contains(oid)).Distinct()];
        await foreach (ObjectReference one in ObjectWalk.ListAsync(objects, known, [.. held], exact: false, cancellationToken).ConfigureAwait(false))
        {
            _ = lost.Add(one.Oid);
        }

        string folder = string.Create(CultureInfo.InvariantCulture, $"{at.UtcDateTime:yyyyMMdd'T'HHmmss'Z'}-{generation}/");
        return [.. moved.Where(one => lost.Contains(one.Oid)).Select(one => one with { Name = NameOf(folder, one.Name) })];
    }

    private static RefName NameOf(string folder, RefName name)
    {
        ReadOnlySpan<byte> rest = name.StartsWith("refs/"u8) ? name.Bytes["refs/".Length..] : name.Bytes;
        byte[] kept = [.. MirrorRefs.HistoryPrefix, .. Encoding.ASCII.GetBytes(folder), .. rest];
        return RefName.FromBytes(kept.Length <= Git.Limits.RefNameBytesMax ? kept : kept.AsSpan(0, Git.Limits.RefNameBytesMax));
    }
}
