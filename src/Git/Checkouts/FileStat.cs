namespace Actors.Git.Checkouts;

/// <summary>
/// What git remembers of a file to see that it has not changed without reading it (gitformat-index, "stat" fields): each cut
/// to 32 bits, as git cuts it. All zero: unknown, git will read the file once.
/// </summary>
public readonly record struct FileStat
{
    public uint ChangedSeconds { get; init; }

    public uint ChangedNanoseconds { get; init; }

    public uint ModifiedSeconds { get; init; }

    public uint ModifiedNanoseconds { get; init; }

    public uint Device { get; init; }

    public uint Inode { get; init; }

    public uint User { get; init; }

    public uint Group { get; init; }

    public uint Size { get; init; }
}
