using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text;

namespace Actors.Git.Lfs;

/// <summary>
/// What git stores in place of a large file (git-lfs, docs/spec.md, "The Pointer"): lines <c>key SP value LF</c>: first
/// <c>version</c>, then <c>ext-N-NAME</c>, <c>oid</c> and <c>size</c> in order of key; fewer than 1,024 bytes. Read as stock git-lfs reads
/// (lfs/pointer.go), which is less strict than the document about white space and older version URLs: what it would look for, a mirror needs.
/// </summary>
public sealed record LfsPointer
{
    /// <summary>Longer blobs are no pointers ("Pointer files must be less than 1024 bytes").</summary>
    public const int BytesMax = 1023;

    /// <summary>Shorter blobs cannot be: the lines <c>oid</c> and <c>size</c> alone have so many.</summary>
    public const int BytesMin = 100;

    private const string Latest = "https://git-lfs.github.com/spec/v1";

    private static readonly string[] Versions = [Latest, "https://hawser.github.com/spec/v1", "http://git-media.io/v/2"];
    private static readonly SearchValues<char> Digits = SearchValues.Create("0123456789");

    /// <summary>The content that it stands for.</summary>
    public required LfsObject Object { get; init; }

    /// <summary>Lines of extensions, key and value, as they came: what filters did to the content before it was hashed.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Extensions { get; init; } = [];

    /// <summary>Whether a blob is a pointer.</summary>
    public static bool TryParse(ReadOnlySpan<byte> blob, [NotNullWhen(true)] out LfsPointer? pointer)
    {
        pointer = null;
        if (blob.Length is < BytesMin or > BytesMax || !TryDecode(blob, out string text))
        {
            return false;
        }

        string[] keys = ["version", "oid", "size"];
        string[] values = new string[keys.Length];
        List<KeyValuePair<string, string>> extensions = [];
        int next = 0;
        foreach (string line in text.Trim().Split('\n'))
        {
            string clean = line.EndsWith('\r') ? line[..^1] : line;
            if (clean.Length == 0)
            {
                continue;
            }

            int space = clean.IndexOf(' ', StringComparison.Ordinal);
            if (space < 0 || next == keys.Length)
            {
                return false;
            }

            string key = clean[..space];
            if (key == keys[next])
            {
                values[next++] = clean[(space + 1)..];
            }
            else if (next > 0 && IsExtension(key))
            {
                extensions.Add(new(key, clean[(space + 1)..]));
            }
            else
            {
                return false;
            }
        }

        if (next < keys.Length || Array.IndexOf(Versions, values[0]) < 0 || ParseOid(values[1]) is not { } oid || ParseSize(values[2]) is not { } size)
        {
            return false;
        }

        pointer = new LfsPointer { Object = new LfsObject(oid, size), Extensions = extensions };
        return true;
    }

    /// <summary>The pointer's canonical bytes, by which git-lfs itself would write it.</summary>
    public byte[] Encode()
    {
        StringBuilder text = new($"version {Latest}\n");
        foreach ((string key, string value) in Extensions.OrderBy(extension => extension.Key, StringComparer.Ordinal))
        {
            text.Append(CultureInfo.InvariantCulture, $"{key} {value}\n");
        }

        return Encoding.UTF8.GetBytes(text.Append(CultureInfo.InvariantCulture, $"oid sha256:{Object.Oid}\nsize {Object.Size}\n").ToString());
    }

    private static bool TryDecode(ReadOnlySpan<byte> blob, out string text)
    {
        // Nearly every small blob is something else: the first bytes tell.
        ReadOnlySpan<byte> trimmed = blob.TrimStart(" \t\r\n"u8);
        text = "";
        if (!trimmed.StartsWith("version "u8) || !System.Text.Unicode.Utf8.IsValid(trimmed))
        {
            return false;
        }

        text = Encoding.UTF8.GetString(trimmed);
        return true;
    }

    /// <summary><c>ext-{order}-{name}</c>, order one digit (docs/extensions.md).</summary>
    private static bool IsExtension(string key) =>
        key.Length > 6 && key.StartsWith("ext-", StringComparison.Ordinal) && char.IsAsciiDigit(key[4]) && key[5] == '-' && (char.IsAsciiLetterOrDigit(key[6]) || key[6] == '_');

    private static LfsOid? ParseOid(string value) =>
        value.StartsWith("sha256:", StringComparison.Ordinal) && LfsOid.TryParse(value["sha256:".Length..], out LfsOid oid) ? oid : null;

    private static long? ParseSize(string value) =>
        value.Length > 0 && !value.AsSpan().ContainsAnyExcept(Digits) && long.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out long size) ? size : null;
}
