namespace Actors.Git.Refs;

/// <summary>The hash function of a repository (gitprotocol-v2, <c>object-format</c>).</summary>
public enum ObjectFormat : byte
{
    Sha1,

    /// <summary>Probed and recorded; not fetched.</summary>
    Sha256,
}
