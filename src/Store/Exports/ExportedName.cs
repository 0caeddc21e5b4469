using Actors.Git.Refs;

namespace Actors.Store.Exports;

/// <summary>
/// The ref that a branch becomes in a git repository. Branches of packages (<c>releases/1.0</c>) are no refs: they go below
/// <c>refs/</c>, with an underscore for what git forbids in names (git-check-ref-format).
/// </summary>
internal static class ExportedName
{
    public static RefName Of(RefName branch)
    {
        if (branch.StartsWith("refs/"u8))
        {
            return branch;
        }

        byte[] name = [.. "refs/"u8, .. branch.Bytes];
        for (int i = 0; i < name.Length; i++)
        {
            bool first = i == 0 || name[i - 1] == '/';
            bool last = i + 1 == name.Length;
            bool forbidden = name[i] <= ' ' || name[i] == 0x7f || "~^:?*[\\"u8.Contains(name[i])
                || (name[i] == '.' && (first || last || name[i - 1] == '.'))
                || (name[i] == '{' && name[i - 1] == '@')
                || (last && name.AsSpan().EndsWith(".lock"u8));
            name[i] = forbidden ? (byte)'_' : name[i];
        }

        return RefName.FromBytes(name);
    }
}
