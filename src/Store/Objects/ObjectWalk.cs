using System.Runtime.CompilerServices;
using Actors.Git.Objects;
using Actors.Git.Packs;

namespace Actors.Store.Objects;

/// <summary>
/// Lists what is reachable: commits, trees, blobs and tags, each once; gitlinks are not followed. Holds about 40 bytes for
/// each object walked, and never a blob.
/// </summary>
public sealed class ObjectWalk
{
    private readonly IObjectSource _source;
    private readonly CommitWalk _commits;
    private readonly HashSet<Oid> _seen = [];
    private readonly Stack<ObjectReference> _open = new();
    private readonly List<ObjectReference> _contents = [];

    private ObjectWalk(IObjectSource source, bool exact) => (_source, _commits) = (source, new CommitWalk(source, exact));

    /// <summary>Lists objects reachable from tips and not from others, as <c>git rev-list --objects</c> does.</summary>
    /// <param name="source">Where objects are read. It has all that the tips reach.</param>
    /// <param name="tips">Objects of any type; tags are followed and listed.</param>
    /// <param name="except">What the other side has, of any type; unknown ones are passed over.</param>
    /// <param name="exact">
    /// False: commits are excluded as far as dates tell, of the trees only those at the border are looked at, so some objects
    /// may be listed that the others reach too; the cost goes with the difference. True: none is; all that the others reach is walked.
    /// </param>
    /// <param name="cancellationToken">Ends the walk.</param>
    /// <returns>Tags and commits first, commits from new to old, then trees and blobs.</returns>
    /// <exception cref="KeyNotFoundException">Something that the tips reach is not in the source.</exception>
    public static IAsyncEnumerable<ObjectReference> ListAsync(
        IObjectSource source, IReadOnlyList<Oid> tips, IReadOnlyList<Oid> except, bool exact, CancellationToken cancellationToken) =>
        new ObjectWalk(source, exact).RunAsync(tips, except, cancellationToken);

    private async IAsyncEnumerable<ObjectReference> RunAsync(
        IReadOnlyList<Oid> tips, IReadOnlyList<Oid> except, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        // 1. Both sides' commits.
        var tags = new List<ObjectReference>();
        foreach (Oid oid in except)
        {
            await BeginAsync(oid, tags: null, cancellationToken).ConfigureAwait(false);
        }

        List<ObjectReference> excludedContents = [.. _contents];
        _contents.Clear();
        foreach (Oid oid in tips)
        {
            await BeginAsync(oid, tags, cancellationToken).ConfigureAwait(false);
        }

        await _commits.RunAsync(cancellationToken).ConfigureAwait(false);

        // 2. What the other side's trees hold.
        foreach (Oid oid in _commits.Border)
        {
            GitObject? commit = await _source.ReadAsync(oid, PackLimits.Default.ObjectBytesMax, cancellationToken).ConfigureAwait(false);
            if (commit?.Type == ObjectType.Commit)
            {
                excludedContents.Add(new ObjectReference(TreeOf(commit), ObjectType.Tree));
            }
        }

        foreach (ObjectReference one in excludedContents)
        {
            await foreach (ObjectReference _ in WalkContentsAsync(one, excluded: true, cancellationToken).ConfigureAwait(false))
            {
            }
        }

        // 3. The tips' side, but for that.
        foreach (ObjectReference tag in tags)
        {
            yield return tag;
        }

        foreach (Oid oid in _commits.Wanted)
        {
            yield return new ObjectReference(oid, ObjectType.Commit);
        }

        IEnumerable<Oid> wanted = _commits.Wanted;
        foreach (Oid oid in wanted)
        {
            GitObject commit = await ReadAsync(oid, cancellationToken).ConfigureAwait(false);
            await foreach (ObjectReference one in WalkContentsAsync(new ObjectReference(TreeOf(commit), ObjectType.Tree), excluded: false, cancellationToken).ConfigureAwait(false))
            {
                yield return one;
            }
        }

        foreach (ObjectReference tip in _contents)
        {
            await foreach (ObjectReference one in WalkContentsAsync(tip, excluded: false, cancellationToken).ConfigureAwait(false))
            {
                yield return one;
            }
        }
    }

    /// <summary>Takes up one starting point: through tags to a commit, tree or blob.</summary>
    private async ValueTask BeginAsync(Oid oid, List<ObjectReference>? tags, CancellationToken cancellationToken)
    {
        bool excluded = tags is null;
        while (true)
        {
            GitObject? found = await _source.ReadAsync(oid, PackLimits.Default.ObjectBytesMax, cancellationToken).ConfigureAwait(false);
            switch (found?.Type)
            {
                case null when excluded:
                    return;
                case null:
                    throw new KeyNotFoundException($"Object {oid} is not here.");
                case ObjectType.Commit:
                    _commits.Begin(oid, found, excluded);
                    return;
                case ObjectType.Tag:
                    if (_seen.Add(oid))
                    {
                        tags?.Add(new ObjectReference(oid, ObjectType.Tag));
                    }

                    oid = ObjectReferences.List(ObjectType.Tag, found.Content.Span)[0].Oid;
                    break;
                default:
                    _contents.Add(new ObjectReference(oid, found.Type));
                    return;
            }
        }
    }

    /// <summary>Trees and blobs below a tree that were not seen before. Excluded ones may be missing.</summary>
    private async IAsyncEnumerable<ObjectReference> WalkContentsAsync(
        ObjectReference first, bool excluded, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        _open.Push(first);
        while (_open.TryPop(out ObjectReference at))
        {
            if (!_seen.Add(at.Oid))
            {
                continue;
            }

            yield return at;
            if (at.Type == ObjectType.Tree)
            {
                cancellationToken.ThrowIfCancellationRequested();
                GitObject? tree = excluded
                    ? await _source.ReadAsync(at.Oid, PackLimits.Default.ObjectBytesMax, cancellationToken).ConfigureAwait(false)
                    : await ReadAsync(at.Oid, cancellationToken).ConfigureAwait(false);
                if (tree?.Type == ObjectType.Tree)
                {
                    ObjectReferences.Read(ObjectType.Tree, tree.Content.Span, _open.Push);
                }
            }
        }
    }

    private async ValueTask<GitObject> ReadAsync(Oid oid, CancellationToken cancellationToken) =>
        await _source.ReadAsync(oid, PackLimits.Default.ObjectBytesMax, cancellationToken).ConfigureAwait(false)
            ?? throw new KeyNotFoundException($"Object {oid} is not here.");

    private static Oid TreeOf(GitObject commit) => ObjectReferences.List(ObjectType.Commit, commit.Content.Span)[0].Oid;
}
