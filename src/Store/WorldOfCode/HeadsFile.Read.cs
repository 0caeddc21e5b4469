using System.Diagnostics.CodeAnalysis;
using System.IO.Compression;
using System.Runtime.CompilerServices;
using System.Text;
using Actors.Git.Objects;
using Actors.Git.Remotes;
using Actors.Store.Heads;

namespace Actors.Store.WorldOfCode;

public static partial class HeadsFile
{
    /// <summary>
    /// Reads a file from its start to its end, holding one repository's heads at a time. Blank lines say nothing. A bad
    /// line is told of and does not stop the others. A repository that could not be reached has no oids.
    /// </summary>
    /// <exception cref="InvalidDataException">The file is gzip, and damaged.</exception>
    public static async IAsyncEnumerable<HeadsFileLine> ReadAsync(Stream input, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(input);
        using PeekedStream peeked = await PeekedStream.OpenAsync(input, 2, cancellationToken).ConfigureAwait(false);
        using GZipStream? gzip = peeked.Peeked.Span is [0x1f, 0x8b] ? new GZipStream(peeked, CompressionMode.Decompress) : null;
        LineReader lines = new(gzip ?? (Stream)peeked, Limits.HeadsFileLineBytesMax);
        await using ConfiguredAsyncDisposable _ = lines.ConfigureAwait(false);

        // One ref a line: gathered while the URL stays the same.
        (long Number, RepositoryUrl Url, List<Oid> Oids)? open = null;
        while (await lines.ReadAsync(cancellationToken).ConfigureAwait(false) is (true, var line))
        {
            if (line is { Length: 0 })
            {
                continue;
            }

            bool good = TryParse(line, out RepositoryUrl url, out List<Oid>? oids, out bool oneRef, out string? error);
            if (good && oneRef && open is { } known && known.Url == url && known.Oids.Count < Limits.HeadsFileOidsMax)
            {
                known.Oids.AddRange(oids!);
                continue;
            }

            if (open is { } done)
            {
                yield return new HeadsFileLine(done.Number, new ImportedHeads(done.Url, done.Oids), null);
                open = null;
            }

            if (good && oneRef)
            {
                open = (lines.Number, url, oids!);
            }
            else
            {
                yield return new HeadsFileLine(lines.Number, good ? new ImportedHeads(url, oids!) : null, error);
            }
        }

        if (open is { } end)
        {
            yield return new HeadsFileLine(end.Number, new ImportedHeads(end.Url, end.Oids), null);
        }
    }

    private static bool TryParse(byte[]? line, out RepositoryUrl url, [NotNullWhen(true)] out List<Oid>? oids, out bool oneRef, out string? error)
    {
        (url, oids, oneRef) = (default, null, false);
        if (line is null)
        {
            error = $"longer than {Limits.HeadsFileLineBytesMax} bytes";
            return false;
        }

        ReadOnlySpan<byte> rest = line;
        ReadOnlySpan<byte> first = Field(ref rest);
        if (first.Length > Git.Limits.UrlCharsMax)
        {
            error = $"its URL is longer than {Git.Limits.UrlCharsMax} characters";
            return false;
        }

        if (!RepositoryUrl.TryParse(ShortForms.Expand(Encoding.UTF8.GetString(first).Trim()), out url, out error))
        {
            return false;
        }

        List<Oid> found = [];
        if (!rest.SequenceEqual(CouldNotConnect) && !TryParseOids(rest, found, out oneRef, out error))
        {
            return false;
        }

        oids = found;
        return true;
    }

    private static bool TryParseOids(ReadOnlySpan<byte> rest, List<Oid> oids, out bool oneRef, out string? error)
    {
        (oneRef, error) = (false, null);
        while (!rest.IsEmpty)
        {
            ReadOnlySpan<byte> all = rest;
            ReadOnlySpan<byte> field = Field(ref rest);
            if (Oid.TryParse(field, out Oid oid))
            {
                oids.Add(oid);
            }
            else if (oids.Count == 1 && (all.StartsWith("refs/"u8) || all.SequenceEqual("HEAD"u8)))
            {
                // The older form. The name is not kept: imported heads have none.
                oneRef = true;
                return true;
            }
            else
            {
                error = $"field {oids.Count + 2} is not an object id of 40 hex digits";
                return false;
            }
        }

        return true;
    }

    /// <summary>Cuts the text up to the next ';' off.</summary>
    private static ReadOnlySpan<byte> Field(ref ReadOnlySpan<byte> rest)
    {
        int end = rest.IndexOf((byte)';');
        ReadOnlySpan<byte> field = end < 0 ? rest : rest[..end];
        rest = end < 0 ? [] : rest[(end + 1)..];
        return field;
    }
}
