using Actors.Git.Objects;
using Actors.Store.ExtIds;
using Xunit;

namespace Actors.Store.Tests.ExtIds;

/// <summary>What every store of external ids does.</summary>
public abstract class ExtIdStoreConformance
{
    private static readonly ExtId Id = ExtId.Parse("pypi-archive-sha256:00ff");
    private static readonly Oid One = Oid.Parse("1111111111111111111111111111111111111111");
    private static readonly Oid Two = Oid.Parse("2222222222222222222222222222222222222222");

    protected abstract IExtIdStore Open();

    [Fact]
    public async Task What_was_written_is_found_both_ways()
    {
        await using IExtIdStore store = Open();
        ExtIdLink[] links = [new(Id, One, ObjectType.Commit), new(Id with { Version = 1 }, One, ObjectType.Commit), new(Id, Two, ObjectType.Tag)];
        await store.RecordAsync(links, [], CancellationToken.None);
        await store.RecordAsync(links, [], CancellationToken.None);
        IReadOnlyList<IReadOnlyList<ExtIdLink>> found = await store.FindAsync([Id with { Type = "other" }, Id, Id with { Version = 1 }], CancellationToken.None);
        Assert.Empty(found[0]);
        Assert.Equal([links[0], links[2]], found[1]);
        Assert.Equal([links[1]], found[2]);
        Assert.Equal([links[0], links[1]], await store.FindByTargetAsync(One, CancellationToken.None));
        Assert.Empty(await store.FindByTargetAsync(Oid.Zero, CancellationToken.None));
    }

    [Fact]
    public async Task A_negative_link_gives_way_to_a_target_and_never_replaces_one()
    {
        await using IExtIdStore store = Open();
        ExtIdLink nothing = new(Id, Oid.Zero, ObjectType.None), target = new(Id, One, ObjectType.Commit);
        await store.RecordAsync([nothing], [], CancellationToken.None);
        Assert.Equal([nothing], (await store.FindAsync([Id], CancellationToken.None))[0]);
        await store.RecordAsync([target], [], CancellationToken.None);
        await store.RecordAsync([nothing], [], CancellationToken.None);
        Assert.Equal([target], (await store.FindAsync([Id], CancellationToken.None))[0]);
    }

    [Fact]
    public async Task Contents_are_found_by_either_digest()
    {
        await using IExtIdStore store = Open();
        ContentName name = new(One, new string('a', 40), new string('b', 64), 5);
        await store.RecordAsync([], [name], CancellationToken.None);
        Assert.Equal(name, await store.FindContentAsync(name.Sha1, CancellationToken.None));
        Assert.Equal(name, await store.FindContentAsync(name.Sha256, CancellationToken.None));
        Assert.Null(await store.FindContentAsync(new string('c', 64), CancellationToken.None));
    }

    [Fact]
    public async Task Of_a_batch_with_an_unsound_id_nothing_is_written()
    {
        await using IExtIdStore store = Open();
        ExtIdLink sound = new(Id, One, ObjectType.Commit);
        foreach (ExtIdLink odd in (ExtIdLink[])[sound with { Id = Id with { Type = "a b" } }, sound with { Id = Id with { Value = "0" } }, sound with { Target = Oid.Zero }])
        {
            await Assert.ThrowsAsync<ArgumentException>(async () => await store.RecordAsync([sound, odd], [], CancellationToken.None));
        }

        Assert.Empty((await store.FindAsync([Id], CancellationToken.None))[0]);
    }
}
