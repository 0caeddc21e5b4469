using System.Text;
using Actors.Git.Objects;

namespace Actors.Git.Checkouts;

/// <summary>
/// Which names of tree entries may become files: git's rules (read-cache.c, <c>verify_path</c>), those for HFS+ and NTFS always
/// on, because a folder may be on such a file system whatever the machine is, and nobody but an attacker uses such names.
/// CVE-2014-9390, CVE-2019-1349, CVE-2019-1352 and kin.
/// </summary>
public static class SafeName
{
    private const string DotGit = ".git";

    /// <summary>Says why an entry of this name is not checked out.</summary>
    /// <param name="name">One step of a path, raw bytes.</param>
    /// <param name="kind">What it is to be, see <see cref="TreeItem.Kind"/>.</param>
    /// <returns>A reason for a person, or null when the name is safe.</returns>
    public static string? Refuse(ReadOnlySpan<byte> name, uint kind)
    {
        if (name.IsEmpty || name.SequenceEqual("."u8) || name.SequenceEqual(".."u8))
        {
            return "is no name of a file";
        }

        if (name.ContainsAny((byte)'/', (byte)0))
        {
            return "has a separator in its name";
        }

        // NTFS takes backslashes for separators: every part must be safe there.
        foreach (Range part in Parts(name))
        {
            if (IsNtfs(name[part], DotGit, "git~1"))
            {
                return "would be the repository's own .git on NTFS";
            }

            if (kind == TreeItem.Link && IsNtfs(name[part], ".gitmodules", "gitmod~", "gi7eba~"))
            {
                return "is .gitmodules as a symbolic link";
            }
        }

        string? folded = FoldHfs(name);
        return folded == DotGit ? "would be the repository's own .git on HFS+"
            : folded == ".gitmodules" && kind == TreeItem.Link ? "is .gitmodules as a symbolic link"
            : null;
    }

    private static List<Range> Parts(ReadOnlySpan<byte> name)
    {
        List<Range> parts = [];
        foreach (Range part in name.Split((byte)'\\'))
        {
            parts.Add(part);
        }

        return parts;
    }

    /// <summary>path.c, <c>is_ntfs_dotgit</c> and <c>is_ntfs_dot_generic</c>: case, trailing spaces and points, streams after a colon, short names.</summary>
    private static bool IsNtfs(ReadOnlySpan<byte> name, string dotted, params ReadOnlySpan<string> shortened)
    {
        int colon = name.IndexOf((byte)':');
        string text = Encoding.Latin1.GetString(colon < 0 ? name : name[..colon]).TrimEnd(' ', '.').ToLowerInvariant();
        if (text == dotted)
        {
            return true;
        }

        foreach (string form in shortened)
        {
            bool numbered = form.EndsWith('~');
            if (numbered ? text.Length == form.Length + 1 && text.StartsWith(form, StringComparison.Ordinal) && char.IsAsciiDigit(text[^1]) : text == form)
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>utf8.c, <c>next_hfs_char</c>: HFS+ leaves these code points out and ignores case. Null: not UTF-8.</summary>
    private static string? FoldHfs(ReadOnlySpan<byte> name)
    {
        StringBuilder text = new(name.Length);
        while (!name.IsEmpty)
        {
            if (Rune.DecodeFromUtf8(name, out Rune rune, out int length) != System.Buffers.OperationStatus.Done)
            {
                return null;
            }

            name = name[length..];
            bool ignored = rune.Value is (>= 0x200c and <= 0x200f) or (>= 0x202a and <= 0x202e) or (>= 0x206a and <= 0x206f) or 0xfeff;
            if (!ignored)
            {
                text.Append(char.ToLowerInvariant(rune.IsBmp ? (char)rune.Value : '?'));
            }
        }

        return text.ToString();
    }
}
