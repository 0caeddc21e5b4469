namespace Actors.Git;

/// <summary>
/// Bytes from outside that are not what git's documents say. The only exception family (with its derivations) that
/// parsing hostile bytes may raise; the bytes are rejected, nothing stored is touched.
/// </summary>
public class GitFormatException : IOException
{
    /// <summary>Bad bytes of some kind at some place.</summary>
    /// <param name="kind">What rule was broken.</param>
    /// <param name="message">What was found and what was expected; no raw bytes.</param>
    /// <param name="offset">Where, in bytes from the start of the pack, message or file; -1 when it has no place.</param>
    /// <param name="innerException">What showed it, if another exception did.</param>
    public GitFormatException(GitFormatError kind, string message, long offset = -1, Exception? innerException = null)
        : base(offset < 0 ? message : $"{message} (at byte {offset})", innerException)
    {
        Kind = kind;
        Offset = offset;
    }

    /// <summary>Which rule was broken.</summary>
    public GitFormatError Kind { get; }

    /// <summary>Byte offset of the first wrong byte, or -1.</summary>
    public long Offset { get; }
}
