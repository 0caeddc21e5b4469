using Actors.Git;
using Actors.Git.Objects;
using Actors.Git.Refs;
using Actors.Git.Remotes;
using Actors.Store.Heads;
using Actors.Sync.Repositories;
using Xunit;

namespace Actors.Sync.Tests.Repositories;

public sealed class SnapshotDraftTests
{
    private static readonly Oid Commit = Oid.Parse("1111111111111111111111111111111111111111");
    private static readonly Oid Tag = Oid.Parse("2222222222222222222222222222222222222222");
    private static readonly Oid Blob = Oid.Parse("3333333333333333333333333333333333333333");

    private static readonly Dictionary<Oid, SnapshotTarget> Kinds = new()
    {
        [Commit] = SnapshotTarget.Revision,
        [Tag] = SnapshotTarget.Release,
        [Blob] = SnapshotTarget.Content,
    };

    [Fact]
    public void A_symref_is_an_alias_and_a_tag_a_release_with_its_end()
    {
        Snapshot snapshot = Make(
            new RefTip(RefName.Head, Commit, SymrefTarget: RefName.Parse("refs/heads/main")),
            new RefTip(RefName.Parse("refs/heads/main"), Commit),
            new RefTip(RefName.Parse("refs/tags/b"), Blob),
            new RefTip(RefName.Parse("refs/tags/v1"), Tag, Peeled: Commit));

        Assert.Equal(
            [
                new SnapshotBranch(RefName.Head, SnapshotTarget.Alias, Commit, RefName.Parse("refs/heads/main")),
                new SnapshotBranch(RefName.Parse("refs/heads/main"), SnapshotTarget.Revision, Commit),
                new SnapshotBranch(RefName.Parse("refs/tags/b"), SnapshotTarget.Content, Blob),
                new SnapshotBranch(RefName.Parse("refs/tags/v1"), SnapshotTarget.Release, Tag, Peeled: Commit),
            ],
            snapshot.Branches);
    }

    [Fact]
    public void A_detached_head_is_a_revision()
    {
        Assert.Equal(
            [new SnapshotBranch(RefName.Head, SnapshotTarget.Revision, Commit)],
            Make(new RefTip(RefName.Head, Commit)).Branches);
    }

    [Fact]
    public void An_unborn_head_beside_branches_is_an_alias_of_nothing()
    {
        RefName main = RefName.Parse("refs/heads/main");
        var refs = new RefAdvertisement(ObjectFormat.Sha1, [new RefTip(RefName.Parse("refs/heads/other"), Commit)], [], main);

        Snapshot snapshot = SnapshotDraft.Make(refs, Kinds);

        Assert.Contains(new SnapshotBranch(RefName.Head, SnapshotTarget.Alias, Oid.Zero, main), snapshot.Branches);
        Assert.Contains(new SnapshotBranch(main, SnapshotTarget.Dangling, Oid.Zero), snapshot.Branches);
    }

    [Fact]
    public void An_empty_repository_is_the_empty_snapshot_whether_or_not_its_head_is_told()
    {
        var untold = new RefAdvertisement(ObjectFormat.Sha1, [], [], null);
        var told = new RefAdvertisement(
            ObjectFormat.Sha1, [new RefTip(RefName.Head, Oid.Zero, SymrefTarget: RefName.Parse("refs/heads/main"))], [], RefName.Parse("refs/heads/main"));

        Assert.Equal(SnapshotId.Empty, SnapshotDraft.Make(untold, Kinds).Id);
        Assert.Equal(SnapshotId.Empty, SnapshotDraft.Make(told, Kinds).Id);
    }

    [Fact]
    public void Kinds_are_known_from_the_snapshot_before()
    {
        Snapshot before = Make(new RefTip(RefName.Parse("refs/heads/main"), Commit), new RefTip(RefName.Parse("refs/tags/v1"), Tag));

        Assert.Equal([Commit, Tag], SnapshotDraft.KnownKinds(before).Keys.Order());
    }

    [Fact]
    public void A_ref_shown_twice_is_bad_bytes()
    {
        RefTip tip = new(RefName.Parse("refs/heads/main"), Commit);

        Assert.Throws<GitFormatException>(() => TipSet.Of(new RefAdvertisement(ObjectFormat.Sha1, [tip, tip], [], null)));
    }

    [Fact]
    public void Tips_are_distinct_and_begin_with_head_and_branches()
    {
        TipSet tips = TipSet.Of(new RefAdvertisement(
            ObjectFormat.Sha1,
            [
                new RefTip(RefName.Parse("refs/tags/v1"), Tag, Peeled: Commit),
                new RefTip(RefName.Parse("refs/heads/main"), Commit),
                new RefTip(RefName.Parse("refs/notes/x"), Blob),
                new RefTip(RefName.Head, Commit),
            ],
            [],
            null));

        Assert.Equal([Commit, Blob, Tag], tips.Oids);
        Assert.Equal([Commit, Blob, Commit], tips.Ends);
        Assert.Equal(1, tips.BranchCount);
    }

    private static Snapshot Make(params RefTip[] tips) => SnapshotDraft.Make(new RefAdvertisement(ObjectFormat.Sha1, tips, [], null), Kinds);
}
