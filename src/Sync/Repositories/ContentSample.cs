using Actors.Git.Objects;

namespace Actors.Sync.Repositories;

/// <summary>What one tip's blobs tell about a repository that shares no commit with the store.</summary>
internal static class ContentSample
{
    /// <summary>Fewer than this is no reason to look further: licences and ignore files are everywhere.</summary>
    public const double RelatedShare = 0.3;

    /// <summary>From here on most content is stored: only the rest is wanted.</summary>
    public const double StoredShare = 0.5;

    /// <summary>The part of the blobs that the store has; 0 for none at all.</summary>
    public static double Share(ReadOnlySpan<bool> present) =>
        present.Length == 0 ? 0 : (double)present.Count(true) / present.Length;

    /// <summary>The distinct blobs that a pack's trees refer to. Gitlinks are none.</summary>
    public static Oid[] Blobs(IEnumerable<KeyValuePair<Oid, GitObject>> objects)
    {
        var blobs = new HashSet<Oid>();
        foreach ((_, GitObject item) in objects)
        {
            if (item.Type == ObjectType.Tree)
            {
                AddBlobs(item.Content.Span, blobs);
            }
        }

        return [.. blobs];
    }

    private static void AddBlobs(ReadOnlySpan<byte> tree, HashSet<Oid> blobs)
    {
        // Entries: mode SP name NUL oid. What is malformed ends the reading: this is a sample, the pack ingest judges.
        while (tree.IndexOf((byte)0) is > 0 and var end && tree.Length >= end + 1 + Oid.Length)
        {
            ReadOnlySpan<byte> mode = tree[..Math.Max(0, tree.IndexOf((byte)' '))];
            bool isTree = mode.SequenceEqual("40000"u8) || mode.SequenceEqual("040000"u8);
            bool isLink = mode.SequenceEqual("160000"u8);
            if (!isTree && !isLink)
            {
                blobs.Add(Oid.FromBytes(tree[(end + 1)..]));
            }

            tree = tree[(end + 1 + Oid.Length)..];
        }
    }
}
