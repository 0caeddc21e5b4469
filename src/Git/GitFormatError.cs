namespace Actors.Git;

/// <summary>What is wrong with bytes from outside.</summary>
public enum GitFormatError
{
    /// <summary>A pkt-line length that cannot be, or a line out of place.</summary>
    PktLine,

    /// <summary>A capability advertisement, ref advertisement or response section that does not follow the grammar.</summary>
    Advertisement,

    /// <summary>A response out of the protocol's order.</summary>
    Response,

    /// <summary>The input ended early.</summary>
    Truncated,

    /// <summary>A pack header, entry header or trailer that cannot be.</summary>
    Pack,

    /// <summary>A zlib stream that is damaged or whose size is not the one announced.</summary>
    Compression,

    /// <summary>A delta that reads or writes outside its base or result, or has no base.</summary>
    Delta,

    /// <summary>A checksum that does not fit the bytes.</summary>
    Checksum,

    /// <summary>A pack index that does not fit its pack or its own rules.</summary>
    PackIndex,

    /// <summary>A commit, tree or tag whose references cannot be read.</summary>
    Object,

    /// <summary>An object with the id of a stored one and other content.</summary>
    Collision,

    /// <summary>More than a named limit allows.</summary>
    OverLimit,
}
