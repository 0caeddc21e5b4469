using System.Diagnostics.CodeAnalysis;
using Actors.Git;
using Actors.Git.Objects;
using Actors.Git.Packs;
using Actors.Store.Packs;

namespace Actors.Store.Compaction;

/// <summary>
/// Finds, while packs are merged, whole blobs and trees that pay as deltas on what bears the same name, in a folder of the same name, in a pack before theirs: the
/// releases of a package that came one a visit, each in a pack of its own. Digits in a folder's name do not count: they are its version.
/// </summary>
internal sealed class MergeDeltas(PackSelection[] sources)
{
    /// <summary>By name: what bore it last, in the packs that are written.</summary>
    private readonly Dictionary<int, (int Source, int Place)> _latest = [];

    /// <summary>Names of the objects of the pack that is being written. Two that share one by chance make a delta that does not pay.</summary>
    private readonly Dictionary<Oid, int> _names = [];

    /// <summary>Reads the trees of a pack for the names of its objects.</summary>
    public void Begin(int source)
    {
        _names.Clear();
        Dictionary<Oid, int> folders = [];
        foreach ((_, TreeItem item) in Items(source).Where(one => one.Item.Kind == TreeItem.Directory))
        {
            _ = folders.TryAdd(item.Oid, NameOf(item));
        }

        foreach ((Oid tree, TreeItem item) in Items(source).Where(one => one.Item.Kind != TreeItem.Gitlink))
        {
            int folder = folders.GetValueOrDefault(tree);
            if (folder == 0)
            {
                _ = _names.TryAdd(tree, 0);
            }

            _ = _names.TryAdd(item.Oid, HashCode.Combine(folder, NameOf(item)));
        }
    }

    /// <summary>The delta of a whole object that is about to be written; false: none pays.</summary>
    /// <param name="source">Its pack.</param>
    /// <param name="place">Its place there.</param>
    /// <param name="contentBytes">Its length.</param>
    /// <param name="storedBytes">What it takes as it is.</param>
    /// <param name="delta">The delta.</param>
    /// <param name="baseOffset">Where its base was written.</param>
    public bool TryMake(int source, int place, long contentBytes, long storedBytes, [NotNullWhen(true)] out byte[]? delta, out long baseOffset)
    {
        (delta, baseOffset) = (null, 0);
        PackSelection chosen = sources[source];
        int position = chosen.Positions[place];
        if (contentBytes is < Limits.MergedDeltaBytesMin or > Limits.MergedDeltaBytesMax
            || !_names.TryGetValue(chosen.Pack.Oids[position], out int name) || !_latest.TryGetValue(name, out (int Source, int Place) like))
        {
            return false;
        }

        PackSelection earlier = sources[like.Source];
        int depth = earlier.DepthAt(like.Place);
        int bytesMax = (int)Math.Min(contentBytes / 2, storedBytes);
        if (depth >= Limits.MergedDeltaDepthMax)
        {
            return false;
        }

        GitObject? old = ReadBase(earlier, like.Place);
        GitObject whole = chosen.Pack.Read(position, contentBytes);
        delta = old?.Type == whole.Type ? DeltaMaker.Make(old.Content.Span, whole.Content.Span, bytesMax) : null;
        if (delta is null)
        {
            return false;
        }

        chosen.SetDepth(place, depth + 1);
        baseOffset = earlier.OffsetAt(like.Place);
        return true;
    }

    /// <summary>The pack is written: what it has may be a base in those that follow.</summary>
    public void End(int source)
    {
        PackSelection chosen = sources[source];
        for (int place = 0; place < chosen.Count; place++)
        {
            int position = chosen.Positions[place];
            if (_names.TryGetValue(chosen.Pack.Oids[position], out int name))
            {
                _latest[name] = (source, place);
            }
        }
    }

    private static GitObject? ReadBase(PackSelection earlier, int place)
    {
        try
        {
            return earlier.Pack.Read(earlier.Positions[place], Limits.MergedDeltaBytesMax);
        }
        catch (GitFormatException e) when (e.Kind == GitFormatError.OverLimit)
        {
            // Too large to be compared with anything.
            return null;
        }
    }

    /// <summary>All entries of the pack's chosen trees, with the tree that each is in.</summary>
    private IEnumerable<(Oid Tree, TreeItem Item)> Items(int source)
    {
        PackSelection chosen = sources[source];
        ObjectType[] types = chosen.Pack.ListTypes();
        for (int place = 0; place < chosen.Count; place++)
        {
            int position = chosen.Positions[place];
            if (types[position] != ObjectType.Tree)
            {
                continue;
            }

            foreach (TreeItem item in TreeItem.List(chosen.Pack.Read(position, int.MaxValue).Content))
            {
                yield return (chosen.Pack.Oids[position], item);
            }
        }
    }

    private static int NameOf(TreeItem item)
    {
        HashCode hash = default;
        bool folder = item.Kind == TreeItem.Directory;
        hash.Add(folder);
        foreach (byte letter in item.Name.Span)
        {
            if (!folder || letter is not (>= (byte)'0' and <= (byte)'9'))
            {
                hash.Add(letter);
            }
        }

        return hash.ToHashCode();
    }
}
