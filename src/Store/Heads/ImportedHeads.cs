using Actors.Git.Objects;
using Actors.Git.Remotes;

namespace Actors.Store.Heads;

/// <summary>Heads that another system recorded for a repository. Shown until the first sync; never offered as haves: nothing says that our store has them.</summary>
/// <param name="Url">The repository.</param>
/// <param name="Oids">In the file's order; empty when the other system could not connect.</param>
public sealed record ImportedHeads(RepositoryUrl Url, IReadOnlyList<Oid> Oids)
{
    /// <exception cref="ArgumentException">One has no URL; nothing of the batch is to be written.</exception>
    internal static void Check(IReadOnlyList<ImportedHeads> heads)
    {
        ArgumentNullException.ThrowIfNull(heads);
        if (heads.Any(imported => imported.Url == default))
        {
            throw new ArgumentException("Imported heads have a URL.", nameof(heads));
        }
    }
}
