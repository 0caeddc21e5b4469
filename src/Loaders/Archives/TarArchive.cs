using Actors.Loaders.Objects;

namespace Actors.Loaders.Archives;

/// <summary>Unpacks a tar archive as it streams by: ustar, pax, GNU and older ones. Nothing is written to disk.</summary>
internal sealed class TarArchive(Stream tar, UnpackTarget target)
{
    private readonly byte[] _block = new byte[TarHeader.Length];
    private readonly PaxRecords _global = new();
    private readonly PaxRecords _pax = new();
    private string? _longName;
    private string? _longLink;
    private long _entries;
    private long _sparseBytes;
    private long _sparseDataBytes;

    /// <summary>Reads to the archive's end; what follows in the stream is left.</summary>
    /// <exception cref="ArchiveException">Damaged, hostile, or of a kind that nobody can unpack.</exception>
    public static Task UnpackAsync(Stream tar, UnpackTarget target, CancellationToken cancellationToken) =>
        new TarArchive(tar, target).RunAsync(cancellationToken);

    private async Task RunAsync(CancellationToken cancellationToken)
    {
        while (await ReadBlockAsync(cancellationToken).ConfigureAwait(false))
        {
            if (!_block.AsSpan().ContainsAnyExcept((byte)0))
            {
                return;
            }

            if (++_entries > 2L * Limits.EntriesMax)
            {
                throw new ArchiveException($"more than {2L * Limits.EntriesMax} tar headers");
            }

            await EntryAsync(TarHeader.Parse(_block), cancellationToken).ConfigureAwait(false);
        }

        // No end mark: some tools leave it out, and Python does not mind.
    }

    private async ValueTask EntryAsync(TarHeader header, CancellationToken cancellationToken)
    {
        switch (header.Kind)
        {
            case TarEntryKind.LongName:
                _longName = TarHeader.Text(await ExtensionAsync(header, cancellationToken).ConfigureAwait(false));
                return;
            case TarEntryKind.LongLink:
                _longLink = TarHeader.Text(await ExtensionAsync(header, cancellationToken).ConfigureAwait(false));
                return;
            case TarEntryKind.Pax:
                _pax.Add(await ExtensionAsync(header, cancellationToken).ConfigureAwait(false));
                return;
            case TarEntryKind.GlobalPax:
                _global.Add(await ExtensionAsync(header, cancellationToken).ConfigureAwait(false));
                return;
            default:
                await MemberAsync(Extended(header), await SparseAsync(header, cancellationToken).ConfigureAwait(false), cancellationToken).ConfigureAwait(false);
                _pax.Clear();
                (_longName, _longLink) = (null, null);
                return;
        }
    }

    /// <summary>The header with what came before it: pax records, then GNU's long names, then the global records.</summary>
    private TarHeader Extended(TarHeader header)
    {
        long size = header.Size;
        if (_pax.Find("size") is { } said && (!long.TryParse(said, System.Globalization.NumberStyles.None, System.Globalization.CultureInfo.InvariantCulture, out size) || size < 0))
        {
            throw new ArchiveException("a pax header has an impossible size");
        }

        string name = _pax.Find("GNU.sparse.name") ?? _pax.Find("path") ?? _longName ?? _global.Find("path") ?? header.Name;
        TarEntryKind kind = header.Kind == TarEntryKind.File && size == 0 && name.EndsWith('/') ? TarEntryKind.Folder : header.Kind;
        return header with
        {
            Kind = kind,
            Name = name,
            LinkName = _pax.Find("linkpath") ?? _longLink ?? _global.Find("linkpath") ?? header.LinkName,
            Size = size,
        };
    }

    /// <summary>The map of a sparse member, whose old form lies in blocks behind its header; null for all others.</summary>
    private async ValueTask<SparseMap?> SparseAsync(TarHeader header, CancellationToken cancellationToken)
    {
        if (header.Kind != TarEntryKind.Sparse)
        {
            return _pax.IsSparse ? SparseMap.OfPax(_pax) : null;
        }

        SparseMap map = new();
        bool more = map.AddHeader(_block);
        while (more)
        {
            more = await ReadBlockAsync(cancellationToken).ConfigureAwait(false) ? map.AddExtension(_block) : throw new ArchiveException("the tar archive ends within a sparse file's map");
        }

        return map;
    }

    private async ValueTask MemberAsync(TarHeader member, SparseMap? sparse, CancellationToken cancellationToken)
    {
        switch (member.Kind)
        {
            case TarEntryKind.Folder:
                target.Folder(member.Name, member.Mode);
                break;
            case TarEntryKind.SymbolicLink:
                await target.LinkAsync(member.Name, Bounded(member.LinkName), cancellationToken).ConfigureAwait(false);
                break;
            case TarEntryKind.HardLink:
                target.HardLink(member.Name, member.LinkName, member.Mode);
                break;
            case TarEntryKind.Special:
                await target.FileAsync(member.Name, executable: false, [], cancellationToken).ConfigureAwait(false);
                break;
            default:
                byte[] content = await ContentAsync(member.Size, Limits.ContentBytesMax, cancellationToken).ConfigureAwait(false);
                if (sparse is not null)
                {
                    content = sparse.Spread(content);
                    (_sparseBytes, _sparseDataBytes) = (_sparseBytes + content.Length, _sparseDataBytes + member.Size);
                    RatioGuard.Check(_sparseBytes, _sparseDataBytes);
                }

                await target.FileAsync(member.Name, (member.Mode & target.ExecutableBits) != 0, content, cancellationToken).ConfigureAwait(false);
                break;
        }
    }

    private static string Bounded(string link) =>
        link.Length <= Limits.PathBytesMax ? link : throw new ArchiveException($"a link has {link.Length} bytes, at most {Limits.PathBytesMax} can be");

    private async ValueTask<byte[]> ExtensionAsync(TarHeader header, CancellationToken cancellationToken) =>
        await ContentAsync(header.Size, Limits.TarExtensionBytesMax, cancellationToken).ConfigureAwait(false);

    private async ValueTask<byte[]> ContentAsync(long size, long bytesMax, CancellationToken cancellationToken)
    {
        if (size > bytesMax)
        {
            throw new ArchiveException($"a member has {size} bytes, at most {bytesMax} can be");
        }

        byte[] content = await ExactBytes.ReadAsync(tar, size, cancellationToken).ConfigureAwait(false);
        int padding = (int)(-size & (TarHeader.Length - 1));
        // The last padding may be missing: what counts is there.
        int read;
        for (int done = 0; done < padding; done += read)
        {
            read = await tar.ReadAsync(_block.AsMemory(0, padding - done), cancellationToken).ConfigureAwait(false);
            if (read == 0)
            {
                break;
            }
        }

        return content;
    }

    private async ValueTask<bool> ReadBlockAsync(CancellationToken cancellationToken)
    {
        int read = await tar.ReadAtLeastAsync(_block, TarHeader.Length, throwOnEndOfStream: false, cancellationToken).ConfigureAwait(false);
        return read switch
        {
            0 => false,
            TarHeader.Length => true,
            _ => throw new ArchiveException("the tar archive ends within a header"),
        };
    }
}
