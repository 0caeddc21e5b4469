using System.Text;
using Actors.Git.Objects;
using Xunit;

namespace Actors.Git.Tests.Objects;

public sealed class ObjectReferencesTests
{
    private static readonly string A = new('a', 40);
    private static readonly string B = new('b', 40);

    [Theory]
    [InlineData("tree {A}\n")]
    [InlineData("tree {A}")]
    [InlineData("tree {A}\nauthor x\n\nparent {B}\n")]
    [InlineData("tree {A}\nauthor \u00ff <> -1 +51800\nmergetag object {B}\n type commit\n\nx")]
    [InlineData("tree {A}\ngpgsig x\n parent {B}\n\n")]
    public void A_commit_without_parents_refers_to_its_tree(string commit) =>
        Assert.Equal([(A, ObjectType.Tree)], Read(ObjectType.Commit, commit));

    [Fact]
    public void A_commit_refers_to_its_parents_as_often_as_it_names_them()
    {
        Assert.Equal(
            [(A, ObjectType.Tree), (B, ObjectType.Commit), (B, ObjectType.Commit)],
            Read(ObjectType.Commit, "tree {A}\nparent {B}\nparent {B}\nauthor x\n"));
        Assert.Equal(2, ObjectReferences.List(ObjectType.Commit, Bytes("tree {A}\nparent {B}\nparent {B}\n")).Count);
    }

    [Theory]
    [InlineData("object {A}\ntype tree\ntag x\n", ObjectType.Tree)]
    [InlineData("object {A}\ntype commit", ObjectType.Commit)]
    [InlineData("object {A}\ntype tag\n", ObjectType.Tag)]
    public void A_tag_refers_to_its_object(string tag, ObjectType type) => Assert.Equal([(A, type)], Read(ObjectType.Tag, tag));

    [Fact]
    public void A_tree_refers_to_all_but_gitlinks()
    {
        byte[] tree =
        [
            .. Entry("100644 a", 1), .. Entry("40000 b", 2), .. Entry("040000 c", 3), .. Entry("160000 d", 4),
            .. Entry("120000 e", 5), .. Entry("100664 \u00ff/ ..", 6), .. Entry("0 g", 7),
        ];
        Assert.Equal(
            [(1, ObjectType.Blob), (2, ObjectType.Tree), (3, ObjectType.Tree), (5, ObjectType.Blob), (6, ObjectType.Blob), (7, ObjectType.Blob)],
            ObjectReferences.List(ObjectType.Tree, tree).Select(r => ((int)(r.Oid.Prefix >> 56), r.Type)));
        Assert.Empty(ObjectReferences.List(ObjectType.Tree, []));
        Assert.Empty(ObjectReferences.List(ObjectType.Blob, tree));
    }

    [Theory]
    [InlineData(ObjectType.Commit, "")]
    [InlineData(ObjectType.Commit, "author x\ntree {A}\n")]
    [InlineData(ObjectType.Commit, "tree {A}x\n")]
    [InlineData(ObjectType.Commit, "tree abc\n")]
    [InlineData(ObjectType.Commit, "tree {A}\nparent abc\n")]
    [InlineData(ObjectType.Tag, "")]
    [InlineData(ObjectType.Tag, "object {A}\n")]
    [InlineData(ObjectType.Tag, "object {A}\ntype branch\n")]
    [InlineData(ObjectType.Tree, "100644")]
    [InlineData(ObjectType.Tree, "100644 a")]
    [InlineData(ObjectType.Tree, "100644 a\0short")]
    [InlineData(ObjectType.Tree, "100644 \0aaaaaaaaaaaaaaaaaaaa")]
    [InlineData(ObjectType.Tree, " a\0aaaaaaaaaaaaaaaaaaaa")]
    [InlineData(ObjectType.Tree, "1x0644 a\0aaaaaaaaaaaaaaaaaaaa")]
    public void What_cannot_be_read_is_refused(ObjectType type, string content) => Assert.Equal(
        GitFormatError.Object, Assert.Throws<GitFormatException>(() => ObjectReferences.List(type, Bytes(content))).Kind);

    private static byte[] Entry(string modeAndName, byte oid) => [.. Encoding.Latin1.GetBytes(modeAndName + "\0"), .. Enumerable.Repeat(oid, 20)];

    private static byte[] Bytes(string text) =>
        Encoding.Latin1.GetBytes(text.Replace("{A}", A, StringComparison.Ordinal).Replace("{B}", B, StringComparison.Ordinal));

    private static List<(string Oid, ObjectType Type)> Read(ObjectType type, string content)
    {
        List<(string, ObjectType)> references = [];
        ObjectReferences.Read(type, Bytes(content), reference => references.Add((reference.Oid.ToString(), reference.Type)));
        return references;
    }
}
