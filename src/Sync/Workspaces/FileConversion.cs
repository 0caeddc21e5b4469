using Actors.Git.Checkouts;
using Actors.Git.Objects;
using FileAttributes = Actors.Git.Checkouts.FileAttributes;

namespace Actors.Sync.Workspaces;

/// <summary>What becomes of a tree's blobs on their way into files: what the tree's own <c>.gitattributes</c> say, and what a person's git is set to. Safe for any number of threads.</summary>
internal sealed class FileConversion
{
    private static readonly byte[] FileName = [.. ".gitattributes"u8];
    /// <summary>Never run here: what is kept in LFS is fetched by the way of <see cref="LargeFiles"/>, or is its pointer.</summary>
    private const string LargeFilter = "lfs";

    private readonly AttributeRules _rules;
    private IReadOnlyDictionary<string, PersonalFilter> _filters = new Dictionary<string, PersonalFilter>();
    private bool _changesNothing;

    private FileConversion(AttributeRules rules)
    {
        _rules = rules;
        _changesNothing = rules.IsEmpty;
    }

    /// <summary>Reads every <c>.gitattributes</c> of a tree; links of that name are passed over, as git does.</summary>
    public static async Task<FileConversion> ForAsync(IObjectSource objects, TreeListing listing, CancellationToken cancellationToken)
    {
        AttributeRules rules = new();
        foreach (CheckoutItem item in listing.Items)
        {
            int name = item.Path.AsSpan().LastIndexOf((byte)'/') + 1;
            if (item.Kind is not (TreeItem.File or TreeItem.Program) || !item.Path.AsSpan(name).SequenceEqual(FileName))
            {
                continue;
            }

            GitObject? blob = await objects.ReadAsync(item.Oid, Array.MaxLength, cancellationToken).ConfigureAwait(false);
            if (blob is { Type: ObjectType.Blob, Content.Length: <= Git.Limits.AttributeFileBytesMax })
            {
                rules.Add(item.Path.AsSpan(0, Math.Max(0, name - 1)), blob.Content.Span);
            }
        }

        return new FileConversion(rules);
    }

    /// <summary>Adds what the person's own configuration and attributes say; before anything is converted.</summary>
    public void Ask(PersonalSettings settings)
    {
        if (settings.AttributesAbove is { } above)
        {
            _rules.AddAbove(above);
        }

        foreach (byte[] below in settings.AttributesBelow)
        {
            _rules.AddBelow(below);
        }

        _rules.LineEnds = settings.LineEnds;
        _filters = settings.Filters;
        _changesNothing = _rules.IsEmpty;
    }

    /// <summary>Whether a file's content is kept in LFS.</summary>
    public bool IsLarge(ReadOnlySpan<byte> path) => !_changesNothing && _rules.Find(path).Filter == LargeFilter;

    /// <summary>The bytes of the file.</summary>
    /// <param name="path">From the top.</param>
    /// <param name="oid">The blob's.</param>
    /// <param name="blob">The blob.</param>
    /// <param name="folder">The top of the working tree.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <exception cref="WorkspaceRefusedException">A filter of the person's own fails.</exception>
    public ValueTask<ReadOnlyMemory<byte>> ConvertAsync(ReadOnlyMemory<byte> path, Oid oid, ReadOnlyMemory<byte> blob, string folder, CancellationToken cancellationToken)
    {
        FileAttributes? attributes = _changesNothing ? null : _rules.Find(path.Span);
        if (attributes?.ChangesNothing != false)
        {
            return ValueTask.FromResult(blob);
        }

        blob = Smudge.Apply(blob, oid, attributes);
        return attributes.Filter is { } name && name != LargeFilter && _filters.TryGetValue(name, out PersonalFilter? filter)
            ? filter.ApplyAsync(path, blob, folder, cancellationToken)
            : ValueTask.FromResult(blob);
    }
}
