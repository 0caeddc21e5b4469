using System.Text;
using Actors.Git.Objects;
using Actors.Git.Refs;
using Actors.Git.Remotes;
using Actors.Store.Heads;

namespace Actors.Store.WorldOfCode;

/// <summary>
/// World of Code's heads files: one repository a line, <c>url;oid;oid…</c> with the oids of all advertised refs, or
/// <c>url;could not connect</c>, or the URL alone; older ones <c>url;oid;refname</c>, one ref a line, a repository's lines
/// together. URLs may have their short forms (<see cref="ShortForms"/>). Gzip is told by its first bytes.
/// </summary>
public static partial class HeadsFile
{
    private static ReadOnlySpan<byte> CouldNotConnect => "could not connect"u8;

    /// <summary>
    /// A line, without its end: oids in the order of a ref advertisement, HEAD first, the rest by name, what a tag peels to
    /// after the tag. A repository without heads, known to be empty, is its URL alone; null is one that was never reached.
    /// </summary>
    public static string Format(RepositoryUrl url, Snapshot? heads)
    {
        if (heads is null)
        {
            return $"{url};{Encoding.ASCII.GetString(CouldNotConnect)}";
        }

        StringBuilder line = new(url.ToString());
        SnapshotBranch? head = heads.Branches.FirstOrDefault(b => b.Name == RefName.Head);
        Append(line, head);
        foreach (SnapshotBranch branch in heads.Branches)
        {
            if (branch.Name != RefName.Head)
            {
                Append(line, branch);
            }
        }

        return line.ToString();
    }

    /// <summary>A line, without its end, of heads that another system recorded.</summary>
    public static string Format(ImportedHeads heads)
    {
        ArgumentNullException.ThrowIfNull(heads);
        return heads.Oids.Count == 0 ? Format(heads.Url, heads: null) : $"{heads.Url};{string.Join(';', heads.Oids)}";
    }

    /// <summary>What has no oid is in no advertisement.</summary>
    private static void Append(StringBuilder line, SnapshotBranch? branch)
    {
        if (branch is null || branch.Oid.IsZero)
        {
            return;
        }

        line.Append(';').Append(branch.Oid);
        if (branch.Peeled is { } peeled)
        {
            line.Append(';').Append(peeled);
        }
    }
}
