using Actors.Git;
using Actors.Git.Objects;

namespace Actors.Sync.Repositories;

/// <summary>What one tip's trees tell about a repository that shares no commit with the store.</summary>
/// <param name="Blobs">Distinct blobs that the trees refer to. Gitlinks are none.</param>
/// <param name="Trees">The trees themselves, and those that they refer to.</param>
internal sealed record ContentSample(IReadOnlyList<Oid> Blobs, IReadOnlyList<Oid> Trees)
{
    /// <summary>A smaller share is no reason to look further: licences and ignore files are everywhere.</summary>
    public const double RelatedShare = 0.3;

    /// <summary>From here on most content is stored: only the rest is wanted.</summary>
    public const double StoredShare = 0.5;

    private readonly List<(Oid Tree, Oid Child)> _children = [];

    /// <exception cref="GitFormatException">A tree cannot be read.</exception>
    public static ContentSample Of(IEnumerable<KeyValuePair<Oid, GitObject>> objects)
    {
        var blobs = new HashSet<Oid>();
        var trees = new HashSet<Oid>();
        var children = new List<(Oid, Oid)>();
        foreach ((Oid tree, GitObject item) in objects.Where(item => item.Value.Type == ObjectType.Tree))
        {
            _ = trees.Add(tree);
            ObjectReferences.Read(ObjectType.Tree, item.Content.Span, reference =>
            {
                if (reference.Type == ObjectType.Tree)
                {
                    _ = trees.Add(reference.Oid);
                    children.Add((tree, reference.Oid));
                }
                else
                {
                    _ = blobs.Add(reference.Oid);
                }
            });
        }

        var sample = new ContentSample([.. blobs], [.. trees]);
        sample._children.AddRange(children);
        return sample;
    }

    /// <summary>The part of the blobs that the store has; 0 for none at all.</summary>
    public double Share(IReadOnlySet<Oid> stored) => Blobs.Count == 0 ? 0 : (double)Blobs.Count(stored.Contains) / Blobs.Count;

    /// <summary>Stored trees that are in no stored tree: with them all below them is stored, for the store is closed.</summary>
    public IReadOnlyList<Oid> TopStored(IReadOnlySet<Oid> stored)
    {
        HashSet<Oid> inner = [.. _children.Where(pair => stored.Contains(pair.Tree)).Select(pair => pair.Child)];
        return [.. Trees.Where(tree => stored.Contains(tree) && !inner.Contains(tree))];
    }
}
