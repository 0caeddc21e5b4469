using Actors.Git;
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
    /// <exception cref="GitFormatException">A tree cannot be read.</exception>
    public static Oid[] Blobs(IEnumerable<KeyValuePair<Oid, GitObject>> objects)
    {
        var blobs = new HashSet<Oid>();
        foreach ((_, GitObject item) in objects.Where(item => item.Value.Type == ObjectType.Tree))
        {
            ObjectReferences.Read(ObjectType.Tree, item.Content.Span, reference =>
            {
                if (reference.Type == ObjectType.Blob)
                {
                    blobs.Add(reference.Oid);
                }
            });
        }

        return [.. blobs];
    }
}
