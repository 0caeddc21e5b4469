namespace Actors.Git.Objects;

/// <summary>Where whole objects can be read: the store below a thin pack, a pack, a test's own set.</summary>
public interface IObjectSource
{
    /// <summary>Reads one object.</summary>
    /// <param name="oid">Which.</param>
    /// <param name="contentBytesMax">A longer object is refused.</param>
    /// <returns>The object, or null when it is not here.</returns>
    /// <exception cref="GitFormatException">It is here, but damaged or longer than allowed.</exception>
    ValueTask<GitObject?> ReadAsync(Oid oid, long contentBytesMax, CancellationToken cancellationToken);
}
