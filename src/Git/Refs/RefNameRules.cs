namespace Actors.Git.Refs;

/// <summary>Which names git itself takes for refs (git-check-ref-format): a remote may show others, which must not come near a repository of ours.</summary>
public static class RefNameRules
{
    /// <summary>Whether a full name (<c>refs/heads/main</c>) is one that git would make.</summary>
    public static bool IsSound(ReadOnlySpan<byte> name)
    {
        bool ends = name.IsEmpty || name[^1] is (byte)'/' or (byte)'.';
        if (ends || !name.StartsWith("refs/"u8) || name.IndexOf(".."u8) >= 0 || name.IndexOf("@{"u8) >= 0 || name.IndexOf("//"u8) >= 0)
        {
            return false;
        }

        foreach (byte one in name)
        {
            if (one is < 0x20 or 0x7f or (byte)' ' or (byte)'~' or (byte)'^' or (byte)':' or (byte)'?' or (byte)'*' or (byte)'[' or (byte)'\\')
            {
                return false;
            }
        }

        foreach (Range part in name.Split((byte)'/'))
        {
            if (name[part] is [(byte)'.', ..] || name[part].EndsWith(".lock"u8))
            {
                return false;
            }
        }

        return true;
    }
}
