using System.Globalization;
using System.Text;

namespace Actors.TestKit.Git;

public sealed partial class GitFixture
{
    /// <summary>Writes an object exactly as given, sound or not (<c>git hash-object --literally</c>), and returns its oid.</summary>
    public string WriteObject(string type, ReadOnlySpan<byte> content) => Git.Run(content, "hash-object", "-w", "--literally", "-t", type, "--stdin");

    /// <summary>Writes an object whose content is text.</summary>
    public string WriteObject(string type, string content) => WriteObject(type, Encoding.UTF8.GetBytes(content));

    /// <summary>Writes a tree of entries as they are given: in their order, with their modes, whatever git thinks of them.</summary>
    public string WriteTree(params (string Mode, string Name, string Oid)[] entries)
    {
        MemoryStream tree = new();
        foreach ((string mode, string name, string oid) in entries)
        {
            tree.Write(Encoding.UTF8.GetBytes($"{mode} {name}\0"));
            tree.Write(Convert.FromHexString(oid));
        }

        return WriteObject("tree", tree.ToArray());
    }

    /// <summary>
    /// Objects as old and foreign tools made them, each under a ref <c>refs/heads/odd/…</c> or <c>refs/tags/odd/…</c>: they are
    /// to be stored and served byte for byte. Some of them <c>git fsck --strict</c> finds fault with, in the source as in every copy.
    /// </summary>
    public GitFixture AddOddObjects()
    {
        string blob = WriteObject("blob", "odd\n");
        string plain = WriteTree(("100644", "file", blob));
        string who = string.Create(CultureInfo.InvariantCulture, $"Ada Example <ada@example.org> {GitCommand.FirstDate} +0200");
        string Commit(string name, string tree, string people, string rest)
        {
            string oid = WriteObject("commit", $"tree {tree}\n{people}\n{rest}");
            Git.Run("update-ref", "refs/heads/odd/" + name, oid);
            return oid;
        }

        string both = $"author {who}\ncommitter {who}";
        string first = Commit("plain", plain, both, "\nplain\n");
        Commit("zero-padded-modes", WriteTree(("0100644", "file", blob), ("040000", "folder", plain)), both, "\nold tree\n");
        Commit("old-file-modes", WriteTree(("100664", "file", blob)), both, "\ngroup-writable\n");
        Commit("empty-tree", WriteTree(), both, "\nnothing in it\n");
        Commit("unsorted-tree", WriteTree(("100644", "z", blob), ("100644", "a", blob)), both, "\nunsorted\n");
        Commit("dangerous-names", WriteTree(("40000", "..", plain), ("40000", ".git", plain)), both, "\nnever to be checked out\n");
        Commit("odd-time-zones", plain, $"author A <a@example.org> 1 -7\ncommitter B <b@example.org> 2 +51800", "\nodd zones\n");
        Commit("no-names", plain, "author  <> 0 +0000\ncommitter  <> 0 +0000", "\nnobody\n");
        Commit("no-last-line-feed", plain, both, "\nno line feed at the end");
        Commit("no-message", plain, both, "");
        Commit("two-same-parents", plain, $"parent {first}\nparent {first}\n{both}", "\ntwice\n");
        Commit("gpgsig", plain, both, "gpgsig -----BEGIN PGP SIGNATURE-----\n \n iQ==\n -----END PGP SIGNATURE-----\n\nsigned\n");
        Commit("mergetag", plain, $"parent {first}\n{both}", $"mergetag object {first}\n type commit\n tag v0\n tagger {who}\n \n merged\n\nmerge of a tag\n");
        string latin = WriteObject("commit", Encoding.Latin1.GetBytes($"tree {plain}\nauthor J\u00f6rg <j@example.org> 5 +0000\ncommitter J\u00f6rg <j@example.org> 5 +0000\nencoding ISO-8859-1\n\ngr\u00fc\u00df dich\n"));
        SetRef("odd/encoding", latin);
        string withNul = WriteObject("commit", $"tree {plain}\n{both}\n\nbefore\0after\n");
        SetRef("odd/nul-in-message", withNul);
        SetRef("refs/tags/odd/no-tagger", WriteObject("tag", $"object {first}\ntype commit\ntag no-tagger\n\nfrom 2005\n"));
        SetRef("refs/tags/odd/no-message", WriteObject("tag", $"object {first}\ntype commit\ntag no-message\ntagger {who}\n"));
        return this;
    }

    /// <summary>Annotated tags of a blob, of a tree, of a tag and of a tag of a tag, and a light one of a blob.</summary>
    public GitFixture AddUnusualTags(string branch = "main")
    {
        string file = Git.Lines("ls-tree", "-r", "--name-only", branch)[0];
        return AddTag("of-a-blob", $"{branch}:{file}")
            .AddTag("of-a-tree", $"{branch}^{{tree}}")
            .AddTag("of-a-commit", branch)
            .AddTag("of-a-tag", "refs/tags/of-a-commit")
            .AddTag("of-a-tag-of-a-tag", "refs/tags/of-a-tag")
            .AddLightTag("light-of-a-blob", $"{branch}:{file}");
    }
}
