using System.Globalization;
using Actors.Git.Objects;
using Actors.Git.Refs;
using Actors.Store.Heads;
using Xunit;

namespace Actors.Store.Tests.Heads;

public sealed class SnapshotTests
{
    /// <summary>Snapshots that Software Heritage's own loaders made of released packages: name and id of each branch, HEAD's alias last.</summary>
    public static TheoryData<string, string, string, string[]> Published => new()
    {
        {
            "revision", "ba6e158ada75d0b3cfb209ffdf6daa4ed34a227a", "releases/1.2.0",
            ["releases/1.1.0 4c99891f93b81450385777235a37b5e966dd1571", "releases/1.2.0 e445da4da22b31bfebb6ffc4383dbf839a074d21"]
        },
        {
            "release", "77febe6ff0faf6cc00dd015a6c9763579a9fb6c7", "releases/1.3.0",
            [
                "releases/1.3.0 a21b09cbec8e31f47307f196bb1f939effc26e11", "releases/1.1.0 f8789ff3ed70a5f570c35d885c7bcfda7b23b091",
                "releases/1.2.0 fbbcb817f01111b06442cdcc93140ab3cc777d68",
            ]
        },
        {
            "release", "9033c04b5f77a19e44031a61c175e9c2f760c75a", "releases/stretch/contrib/0.7.2-3",
            ["releases/stretch/contrib/0.7.2-3 de96ae3d3e136f5c1709117059e2a2c05b8ee5ae"]
        },
        { "revision", "3b6b66e6ee4e7d903a379a882684a2a50480c0b4", "", ["releases/stretch/contrib/0.7.2-3 2807f5b3f84368b4889a9ae827fe85854ffecf07"] },
        { "revision", "1a8893e6a86f444e8be8e7bda6cb34fb1735a00e", "", [] },
    };

    [Theory]
    [MemberData(nameof(Published))]
    public void The_id_is_the_one_that_Software_Heritage_published(string kind, string id, string head, string[] branches)
    {
        SnapshotTarget target = kind == "release" ? SnapshotTarget.Release : SnapshotTarget.Revision;
        List<SnapshotBranch> all = [.. branches.Select(b => new SnapshotBranch(RefName.Parse(b.Split(' ')[0]), target, Oid.Parse(b.Split(' ')[1])))];
        if (head.Length > 0)
        {
            all.Insert(0, new SnapshotBranch(RefName.Head, SnapshotTarget.Alias, Oid.Zero, RefName.Parse(head)));
        }

        Assert.Equal(id, Snapshot.Create(all).Id.ToString());
    }

    [Fact]
    public void Every_kind_is_hashed_and_names_sort_by_bytes()
    {
        Snapshot snapshot = Snapshot.Create(
        [
            Branch("refs/heads/main", SnapshotTarget.Revision, 1),
            new SnapshotBranch(RefName.Head, SnapshotTarget.Alias, Oid.Zero, RefName.Parse("refs/heads/main")),
            Branch("refs/tags/v1", SnapshotTarget.Release, 2) with { Peeled = OidOf(99) },
            Branch("refs/tags/tree", SnapshotTarget.Directory, 3),
            Branch("refs/tags/blob", SnapshotTarget.Content, 4),
            Branch("refs/x", SnapshotTarget.Snapshot, 5),
            Branch("refs/heads/gone", SnapshotTarget.Dangling, 0),
            new SnapshotBranch(RefName.FromBytes([.. "refs/heads/"u8, 0xff, 0xfe]), SnapshotTarget.Revision, OidOf(6)),
            Branch("refs/heads/Z", SnapshotTarget.Revision, 7),
        ]);

        // Computed by a program of its own after swh-model's documents.
        Assert.Equal("3a90d507604d17231da3491e81140a8626adf9bb", snapshot.Id.ToString());
        Assert.Equal(
            ["HEAD", "refs/heads/Z", "refs/heads/gone", "refs/heads/main", "refs/heads/\ufffd\ufffd", "refs/tags/blob", "refs/tags/tree", "refs/tags/v1", "refs/x"],
            snapshot.Branches.Select(b => b.Name.ToString()));
        Assert.Equal(OidOf(1), snapshot.Branches[0].Oid);
    }

    [Fact]
    public void What_a_tag_peels_to_does_not_change_the_id()
    {
        SnapshotBranch tag = Branch("refs/tags/v1", SnapshotTarget.Release, 2);
        Assert.Equal(Snapshot.Create([tag]).Id, Snapshot.Create([tag with { Peeled = OidOf(3) }]).Id);
    }

    [Fact]
    public void An_alias_brings_the_branch_that_was_not_selected()
    {
        Snapshot snapshot = Snapshot.Create([new SnapshotBranch(RefName.Head, SnapshotTarget.Alias, OidOf(5), RefName.Parse("refs/heads/main"))]);
        Assert.Equal(
            [new SnapshotBranch(RefName.Head, SnapshotTarget.Alias, OidOf(5), RefName.Parse("refs/heads/main")), Branch("refs/heads/main", SnapshotTarget.Revision, 5)],
            snapshot.Branches);
    }

    [Fact]
    public void An_alias_of_nothing_brings_a_dangling_branch()
    {
        Snapshot snapshot = Snapshot.Create([new SnapshotBranch(RefName.Head, SnapshotTarget.Alias, Oid.Zero, RefName.Parse("refs/heads/main"))]);
        Assert.Equal(Branch("refs/heads/main", SnapshotTarget.Dangling, 0), snapshot.Branches[1]);
        Assert.Equal("5522ddf578ed605d9dfd4f56e07091a6485dab77", snapshot.Id.ToString());
    }

    [Fact]
    public void The_oid_of_an_alias_is_that_of_the_branch_at_its_end()
    {
        Snapshot snapshot = Snapshot.Create(
        [
            Alias("a", "b"), Alias("b", "c"), Branch("c", SnapshotTarget.Revision, 3),
            Alias("round", "about"), Alias("about", "round"),
        ]);
        Assert.Equal(
            [("a", OidOf(3)), ("about", Oid.Zero), ("b", OidOf(3)), ("c", OidOf(3)), ("round", Oid.Zero)],
            snapshot.Branches.Select(b => (b.Name.ToString(), b.Oid)));
    }

    [Fact]
    public void Branches_that_cannot_be_are_refused()
    {
        SnapshotBranch[][] wrong =
        [
            [Branch("a", SnapshotTarget.Revision, 1), Branch("a", SnapshotTarget.Revision, 1)],
            [Branch("a", SnapshotTarget.Revision, 0)],
            [Branch("a", SnapshotTarget.Dangling, 1)],
            [Branch("a", SnapshotTarget.Alias, 1)],
            [Branch("a", SnapshotTarget.Revision, 1) with { AliasOf = RefName.Head }],
            [Branch("a", SnapshotTarget.Revision, 1) with { Peeled = OidOf(2) }],
            [Branch("a", (SnapshotTarget)8, 1)],
            [Branch("a", 0, 1)],
        ];
        Assert.All(wrong, branches => Assert.Throws<ArgumentException>(() => Snapshot.Create(branches)));
    }

    private static Oid OidOf(int number) => Oid.Parse(number.ToString("x40", CultureInfo.InvariantCulture));

    private static SnapshotBranch Branch(string name, SnapshotTarget target, int oid) => new(RefName.Parse(name), target, OidOf(oid));

    private static SnapshotBranch Alias(string name, string of) => new(RefName.Parse(name), SnapshotTarget.Alias, Oid.Zero, RefName.Parse(of));
}
