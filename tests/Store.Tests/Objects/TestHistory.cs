using Actors.Git.Objects;

namespace Actors.Store.Tests.Objects;

/// <summary>A small closed history: two blobs, a tree, a subtree, two commits, a tag.</summary>
internal sealed class TestHistory
{
    public TestHistory(string text = "first line")
    {
        Blob = Add(ObjectType.Blob, TestPack.Blob(text + "\n"));
        Oid other = Add(ObjectType.Blob, TestPack.Blob(text + "\nand another\n"));
        Oid sub = Add(ObjectType.Tree, TestPack.Tree(("100644", "inner", other)));
        Tree = Add(ObjectType.Tree, TestPack.Tree(("100644", "file", Blob), ("40000", "sub", sub)));
        Root = Add(ObjectType.Commit, TestPack.Commit(Tree, "root of " + text));
        Commit = Add(ObjectType.Commit, TestPack.Commit(Tree, "second of " + text, Root));
        Tag = Add(ObjectType.Tag, TestPack.Tag(Commit, ObjectType.Commit, "v1"));
    }

    public Dictionary<Oid, GitObject> Objects { get; } = [];

    public Oid Blob { get; }

    public Oid Tree { get; }

    public Oid Root { get; }

    public Oid Commit { get; }

    public Oid Tag { get; }

    /// <summary>A pack of all objects, or of those chosen.</summary>
    public TestPack Pack(Func<Oid, bool>? chosen = null)
    {
        var pack = new TestPack();
        foreach ((Oid oid, GitObject one) in Objects.Where(one => chosen?.Invoke(one.Key) ?? true))
        {
            _ = pack.Add(one.Type, one.Content.ToArray());
        }

        return pack;
    }

    private Oid Add(ObjectType type, byte[] content)
    {
        Oid oid = TestPack.OidOf(type, content);
        Objects.Add(oid, new GitObject(type, content));
        return oid;
    }
}
