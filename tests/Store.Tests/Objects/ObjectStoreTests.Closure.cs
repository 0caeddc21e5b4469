using Actors.Git;
using Actors.Git.Objects;
using Actors.Git.Packs;
using Actors.Store.Objects;
using Xunit;

namespace Actors.Store.Tests.Objects;

public abstract partial class ObjectStoreTests
{
    [Fact]
    public async Task Pack_that_lacks_an_object_is_kept_aside_and_reported()
    {
        await using IObjectStore store = await OpenAsync();
        var history = new TestHistory();
        CommitResult result = await IngestAsync(store, history.Pack(oid => oid != history.Blob));

        Assert.Equal((CommitStatus.NotClosed, 1L, 0L), (result.Status, result.MissingCount, result.NewObjects));
        Assert.Equal([new ObjectReference(history.Blob, ObjectType.Blob)], result.Missing);
        Assert.Equal([false, false], await ContainsAsync(store, history.Commit, history.Blob));
        Assert.Null(await store.ReadAsync(history.Commit, 1000, Stop));
        AsidePack aside = Assert.Single(await AsideAsync(store));
        Assert.Equal(("test", history.Blob), (aside.Reason, Assert.Single(aside.Missing)));
        Assert.True(aside.PackBytes > 0);
    }

    [Fact]
    public async Task Same_open_pack_again_is_kept_aside_once()
    {
        await using IObjectStore store = await OpenAsync();
        var history = new TestHistory();
        await IngestAsync(store, history.Pack(oid => oid != history.Blob));
        CommitResult again = await IngestAsync(store, history.Pack(oid => oid != history.Blob));

        Assert.Equal(CommitStatus.NotClosed, again.Status);
        _ = Assert.Single(await AsideAsync(store));
    }

    [Fact]
    public async Task Missing_and_absent_objects_are_told_before_the_commit()
    {
        await using IObjectStore store = await OpenAsync();
        var history = new TestHistory();
        await IngestAsync(store, history.Pack(oid => oid == history.Blob));
        Oid other = history.Objects.Single(one => one.Value.Type == ObjectType.Blob && one.Key != history.Blob).Key;
        Oid nowhere = TestPack.OidOf(ObjectType.Blob, TestPack.Blob("nowhere"));

        await using IPackIngest ingest = await store.BeginIngestAsync(new IngestOptions(), Stop);
        PackIndexResult added = await ingest.AddAsync(history.Pack(oid => history.Objects[oid].Type != ObjectType.Blob).ToStream(), Stop);
        Assert.Equal(new[] { history.Blob, other }.Order(), added.References.Select(one => one.Oid));
        Assert.Equal([new ObjectReference(other, ObjectType.Blob)], await ingest.FindMissingAsync(Stop));
        Assert.Equal([nowhere, other], await ingest.FindAbsentAsync([history.Blob, nowhere, history.Tree, other], Stop));

        await ingest.AddAsync(history.Pack(oid => oid == other).ToStream(), Stop);
        Assert.Empty(await ingest.FindMissingAsync(Stop));
        Assert.Equal([nowhere], await ingest.FindAbsentAsync([other, nowhere], Stop));
        Assert.Equal(CommitStatus.Committed, (await ingest.CommitAsync("test", null, Stop)).Status);
        await AssertHoldsAsync(store, history);
    }

    [Fact]
    public async Task Packs_that_need_each_other_both_ways_become_visible_together()
    {
        await using IObjectStore store = await OpenAsync();
        var history = new TestHistory();
        bool First(Oid oid) => history.Objects[oid].Type is ObjectType.Tag or ObjectType.Tree;
        CommitResult result = await IngestAsync(store, history.Pack(First), history.Pack(oid => !First(oid)));

        Assert.Equal((CommitStatus.Committed, history.Objects.Count), (result.Status, (int)result.NewObjects));
        await AssertHoldsAsync(store, history);
    }

    [Fact]
    public async Task Thin_pack_is_completed_from_the_store_and_from_the_ingests_earlier_packs()
    {
        await using IObjectStore store = await OpenAsync();
        byte[] stored = TestPack.Blob(new string('s', 300));
        byte[] earlier = TestPack.Blob(new string('e', 300));
        var first = new TestPack();
        _ = first.Add(ObjectType.Blob, stored);
        await IngestAsync(store, first);
        var second = new TestPack();
        _ = second.Add(ObjectType.Blob, earlier);
        var thin = new TestPack();
        Oid one = thin.AddDelta(ObjectType.Blob, stored, [.. stored, 1]);
        Oid two = thin.AddDelta(ObjectType.Blob, earlier, [.. earlier, 2]);
        CommitResult result = await IngestAsync(store, second, thin);

        Assert.Equal((CommitStatus.Committed, 3L), (result.Status, result.NewObjects));
        Assert.Equal([.. stored, 1], (await store.ReadAsync(one, 1000, Stop))!.Content.ToArray());
        Assert.Equal([.. earlier, 2], (await store.ReadAsync(two, 1000, Stop))!.Content.ToArray());
    }

    [Fact]
    public async Task Thin_pack_without_its_base_is_rejected()
    {
        await using IObjectStore store = await OpenAsync();
        var thin = new TestPack();
        _ = thin.AddDelta(ObjectType.Blob, TestPack.Blob("nobody has this"), TestPack.Blob("nobody has this either"));

        await using IPackIngest ingest = await store.BeginIngestAsync(new IngestOptions(), Stop);
        GitFormatException refused = await Assert.ThrowsAsync<GitFormatException>(() => ingest.AddAsync(thin.ToStream(), Stop));
        Assert.Equal(GitFormatError.Delta, refused.Kind);
    }

    [Fact]
    public async Task Pack_aside_becomes_visible_when_what_it_lacked_has_come()
    {
        await using IObjectStore store = await OpenAsync();
        var history = new TestHistory();
        await IngestAsync(store, history.Pack(oid => oid != history.Blob));
        Assert.Equal(0, await store.ReconsiderAsideAsync(Stop));
        Assert.Equal([false], await ContainsAsync(store, history.Commit));

        await IngestAsync(store, history.Pack(oid => oid == history.Blob));
        Assert.Equal(1, await store.ReconsiderAsideAsync(Stop));
        Assert.Empty(await AsideAsync(store));
        await AssertHoldsAsync(store, history);
        Assert.Equal(0, await store.ReconsiderAsideAsync(Stop));
    }

    [Fact]
    public async Task Packs_aside_that_need_each_other_become_visible_together_and_a_third_stays()
    {
        await using IObjectStore store = await OpenAsync();
        var history = new TestHistory();
        var stuck = new TestHistory("stuck");
        await IngestAsync(store, history.Pack(oid => history.Objects[oid].Type is ObjectType.Tree));
        await IngestAsync(store, stuck.Pack(oid => oid != stuck.Blob));
        await IngestAsync(store, history.Pack(oid => history.Objects[oid].Type is ObjectType.Commit));
        await IngestAsync(store, history.Pack(oid => history.Objects[oid].Type is ObjectType.Tag));
        Assert.Equal(4, (await AsideAsync(store)).Count);

        await using (IPackIngest both = await store.BeginIngestAsync(new IngestOptions(), Stop))
        {
            // A blob of the history, with a tree that needs a commit aside no less than others need it.
            var cyclic = history.Pack(oid => history.Objects[oid].Type is ObjectType.Blob);
            await both.AddAsync(cyclic.ToStream(), Stop);
            Assert.Equal(CommitStatus.Committed, (await both.CommitAsync("blobs", null, Stop)).Status);
        }

        Assert.Equal(3, await store.ReconsiderAsideAsync(Stop));
        Assert.Equal(stuck.Blob, Assert.Single(Assert.Single(await AsideAsync(store)).Missing));
        await AssertHoldsAsync(store, history);
        Assert.Equal([false], await ContainsAsync(store, stuck.Commit));
    }

    [Fact]
    public async Task Packs_aside_that_need_each_other_both_ways_become_visible()
    {
        await using IObjectStore store = await OpenAsync();
        var left = new TestHistory("left");
        var right = new TestHistory("right");

        // Each pack has the other's blob, so neither is closed without the other.
        await IngestAsync(store, Join(left.Pack(oid => oid != left.Blob), right.Objects[right.Blob]));
        await IngestAsync(store, Join(right.Pack(oid => oid != right.Blob), left.Objects[left.Blob]));
        Assert.Equal(2, (await AsideAsync(store)).Count);
        Assert.Equal([false, false], await ContainsAsync(store, left.Blob, right.Blob));

        Assert.Equal(2, await store.ReconsiderAsideAsync(Stop));
        await AssertHoldsAsync(store, left);
        await AssertHoldsAsync(store, right);
    }

    [Fact]
    public async Task Ingest_kept_aside_by_hand_is_not_visible_until_reconsidered()
    {
        await using IObjectStore store = await OpenAsync();
        var history = new TestHistory();
        await using (IPackIngest ingest = await store.BeginIngestAsync(new IngestOptions(), Stop))
        {
            await ingest.AddAsync(history.Pack().ToStream(), Stop);
            await ingest.KeepAsideAsync("by hand", Stop);
        }

        Assert.Equal([false], await ContainsAsync(store, history.Commit));
        Assert.Equal("by hand", Assert.Single(await AsideAsync(store)).Reason);
        Assert.Equal(1, await store.ReconsiderAsideAsync(Stop));
        await AssertHoldsAsync(store, history);
    }

    [Fact]
    public async Task Object_with_the_id_of_a_stored_one_and_other_content_is_a_collision()
    {
        var history = new TestHistory();
        var forged = new GitObject(ObjectType.Blob, TestPack.Blob("not what it says"));
        await using IObjectStore store = await OpenHoldingAsync([new(history.Blob, forged)]);
        CommitResult result = await IngestAsync(store, history.Pack());

        Assert.Equal((CommitStatus.Collision, history.Blob, 0L), (result.Status, result.Colliding, result.NewObjects));
        Assert.Equal([false], await ContainsAsync(store, history.Commit));
        Assert.Equal(forged.Content.ToArray(), (await store.ReadAsync(history.Blob, 1000, Stop))!.Content.ToArray());
        Assert.Empty(Assert.Single(await AsideAsync(store)).Missing);
        Assert.Equal(0, await store.ReconsiderAsideAsync(Stop));
        _ = Assert.Single(await AsideAsync(store));
    }

    [Fact]
    public async Task Collision_of_the_same_length_is_found_in_a_pack_aside_that_closes_later()
    {
        var history = new TestHistory();
        byte[] content = history.Objects[history.Blob].Content.ToArray();
        content[0] ^= 1;
        await using IObjectStore store = await OpenHoldingAsync([new(history.Blob, new GitObject(ObjectType.Blob, content))]);
        await using (IPackIngest ingest = await store.BeginIngestAsync(new IngestOptions(), Stop))
        {
            await ingest.AddAsync(history.Pack().ToStream(), Stop);
            await ingest.KeepAsideAsync("by hand", Stop);
        }

        Assert.Equal(0, await store.ReconsiderAsideAsync(Stop));
        Assert.Equal([false], await ContainsAsync(store, history.Commit));
        _ = Assert.Single(await AsideAsync(store));
    }

    private static TestPack Join(TestPack pack, GitObject more)
    {
        _ = pack.Add(more.Type, more.Content.ToArray());
        return pack;
    }
}
