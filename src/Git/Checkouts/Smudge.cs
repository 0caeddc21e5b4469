using System.Text;
using Actors.Git.Objects;

namespace Actors.Git.Checkouts;

/// <summary>A blob on its way into a file (convert.c, <c>convert_to_working_tree</c>): <c>$Id$</c>, line ends, encoding, in this order. Filters are not run here.</summary>
public static class Smudge
{
    /// <summary>The bytes of the file.</summary>
    /// <param name="blob">The blob.</param>
    /// <param name="oid">Its oid.</param>
    /// <param name="attributes">What is to be done.</param>
    public static ReadOnlyMemory<byte> Apply(ReadOnlyMemory<byte> blob, Oid oid, FileAttributes attributes)
    {
        ReadOnlyMemory<byte> file = attributes.Ident ? ExpandIdent(blob, oid) : blob;
        file = attributes.Crlf ? EndWithCrlf(file, attributes.OnlyIfText) : file;
        return attributes.Encoding is { } encoding ? Encode(file, encoding) : file;
    }

    /// <summary>convert.c, <c>ident_to_worktree</c>.</summary>
    private static ReadOnlyMemory<byte> ExpandIdent(ReadOnlyMemory<byte> blob, Oid oid)
    {
        ReadOnlySpan<byte> rest = blob.Span;
        if (rest.IndexOf("$Id"u8) < 0)
        {
            return blob;
        }

        using MemoryStream file = new(rest.Length + 64);
        byte[] expanded = Encoding.ASCII.GetBytes($"Id: {oid} $");
        while (rest.IndexOf((byte)'$') is >= 0 and var dollar)
        {
            file.Write(rest[..(dollar + 1)]);
            rest = rest[(dollar + 1)..];
            int length = IdentLength(rest);
            if (length > 0)
            {
                file.Write(expanded);
                rest = rest[length..];
            }
        }

        file.Write(rest);
        return file.ToArray();
    }

    /// <summary>Length of <c>Id$</c> or <c>Id:…$</c> at the start; 0: neither, or another system's id, which has spaces in it.</summary>
    private static int IdentLength(ReadOnlySpan<byte> rest)
    {
        if (rest.StartsWith("Id$"u8))
        {
            return 3;
        }

        if (!rest.StartsWith("Id:"u8) || !rest[3..].Contains((byte)'$'))
        {
            return 0;
        }

        int dollar = 3 + rest[3..].IndexOf((byte)'$');
        ReadOnlySpan<byte> inner = rest[3..dollar];
        int space = inner.IsEmpty ? -1 : inner[1..].IndexOf((byte)' ');
        return inner.Contains((byte)'\n') || (space >= 0 && space + 4 < dollar - 1) ? 0 : dollar + 1;
    }

    /// <summary>convert.c, <c>crlf_to_worktree</c> and <c>will_convert_lf_to_crlf</c>.</summary>
    private static ReadOnlyMemory<byte> EndWithCrlf(ReadOnlyMemory<byte> blob, bool onlyIfText)
    {
        ReadOnlySpan<byte> bytes = blob.Span;
        LineStatistics lines = LineStatistics.Of(bytes);
        if (lines.LoneLf == 0 || (onlyIfText && (lines.LoneCr > 0 || lines.CrLf > 0 || lines.LooksBinary)))
        {
            return blob;
        }

        byte[] file = new byte[bytes.Length + lines.LoneLf];
        int at = 0;
        for (int i = 0; i < bytes.Length; i++)
        {
            if (bytes[i] == '\n' && (i == 0 || bytes[i - 1] != '\r'))
            {
                file[at++] = (byte)'\r';
            }

            file[at++] = bytes[i];
        }

        return file;
    }

    /// <summary>convert.c, <c>encode_to_worktree</c>: what cannot be encoded is written as it is.</summary>
    private static ReadOnlyMemory<byte> Encode(ReadOnlyMemory<byte> blob, string name)
    {
        Encoding? encoding = name.ToUpperInvariant() switch
        {
            "UTF-16" or "UTF16" or "UTF-16LE-BOM" => new UnicodeEncoding(bigEndian: false, byteOrderMark: true, throwOnInvalidBytes: true),
            "UTF-16LE" => new UnicodeEncoding(bigEndian: false, byteOrderMark: false, throwOnInvalidBytes: true),
            "UTF-16BE" => new UnicodeEncoding(bigEndian: true, byteOrderMark: false, throwOnInvalidBytes: true),
            "UTF-32" or "UTF32" => new UTF32Encoding(bigEndian: false, byteOrderMark: true, throwOnInvalidCharacters: true),
            "UTF-32LE" => new UTF32Encoding(bigEndian: false, byteOrderMark: false, throwOnInvalidCharacters: true),
            "UTF-32BE" => new UTF32Encoding(bigEndian: true, byteOrderMark: false, throwOnInvalidCharacters: true),
            "ISO-8859-1" or "ISO8859-1" or "LATIN1" or "LATIN-1" => Encoding.GetEncoding("iso-8859-1", EncoderFallback.ExceptionFallback, DecoderFallback.ExceptionFallback),
            "US-ASCII" or "ASCII" => Encoding.GetEncoding("us-ascii", EncoderFallback.ExceptionFallback, DecoderFallback.ExceptionFallback),
            _ => null,
        };
        try
        {
            return encoding is null || blob.IsEmpty ? blob : (byte[])[.. encoding.Preamble, .. encoding.GetBytes(new UTF8Encoding(false, throwOnInvalidBytes: true).GetString(blob.Span))];
        }
        catch (ArgumentException)
        {
            return blob;
        }
    }
}
