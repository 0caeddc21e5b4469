using Actors.Git.Objects;
using Actors.Git.Remotes;
using Actors.Store.ExtIds;
using Xunit;

namespace Actors.Store.Tests.ExtIds;

/// <summary>What every store of external ids does.</summary>
public abstract class ExtIdStoreConformance
{
    private static readonly ExtId Id = ExtId.Parse("pypi-archive-sha256:00ff");
    private static readonly Oid One = Oid.Parse("1111111111111111111111111111111111111111");
    private static readonly Oid Two = Oid.Parse("2222222222222222222222222222222222222222");

    /// <summary>A store that the test disposes; opened again, it has what was written.</summary>
    protected abstract Task<IExtIdStore> OpenAsync();

    [Fact]
    public async Task What_was_written_is_found_both_ways()
    {
        await using IExtIdStore store = await OpenAsync();
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
        await using IExtIdStore store = await OpenAsync();
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
        await using IExtIdStore store = await OpenAsync();
        ContentName name = new(One, new string('a', 40), new string('b', 64), 5);
        await store.RecordAsync([], [name], CancellationToken.None);
        Assert.Equal(name, await store.FindContentAsync(name.Sha1, CancellationToken.None));
        Assert.Equal(name, await store.FindContentAsync(name.Sha256, CancellationToken.None));
        Assert.Null(await store.FindContentAsync(new string('c', 64), CancellationToken.None));
    }

    /// <summary>Whatever came before, a batch of more than one statement's worth is found at its places.</summary>
    [Fact]
    public async Task A_large_batch_is_found_each_at_its_place()
    {
        await using IExtIdStore store = await OpenAsync();
        ExtIdLink[] links = [.. Enumerable.Range(0, 10_000).Select(i => new ExtIdLink(Id with { Value = $"{i * 7919 % 65_536:x8}" }, i % 3 == 0 ? Oid.Zero : One, i % 3 == 0 ? ObjectType.None : ObjectType.Tag))];
        await store.RecordAsync(links, [], CancellationToken.None);
        IReadOnlyList<IReadOnlyList<ExtIdLink>> found = await store.FindAsync([.. links.Select(link => link.Id), Id], CancellationToken.None);
        Assert.Equal(links, found.Take(links.Length).Select(one => Assert.Single(one)));
        Assert.Empty(found[^1]);
    }

    [Fact]
    public async Task Of_one_batch_a_target_wins_over_a_negative_link_of_the_same_id()
    {
        await using IExtIdStore store = await OpenAsync();
        ExtIdLink nothing = new(Id, Oid.Zero, ObjectType.None), target = new(Id, One, ObjectType.Commit), other = new(Id, Two, ObjectType.Commit);
        await store.RecordAsync([nothing, target, nothing, other], [], CancellationToken.None);
        Assert.Equal([target, other], (await store.FindAsync([Id], CancellationToken.None))[0]);
    }

    [Fact]
    public async Task Of_contents_with_one_SHA_1_the_smallest_oid_is_found()
    {
        await using IExtIdStore store = await OpenAsync();
        ContentName two = new(Two, new string('a', 40), new string('b', 64), 5), one = new(One, new string('a', 40), new string('c', 64), 5);
        await store.RecordAsync([], [two, one, two], CancellationToken.None);
        Assert.Equal(one, await store.FindContentAsync(one.Sha1, CancellationToken.None));
        Assert.Equal(two, await store.FindContentAsync(two.Sha256, CancellationToken.None));
    }

    [Fact]
    public async Task Of_a_batch_with_an_unsound_id_nothing_is_written()
    {
        await using IExtIdStore store = await OpenAsync();
        ExtIdLink sound = new(Id, One, ObjectType.Commit);
        foreach (ExtIdLink odd in (ExtIdLink[])[sound with { Id = Id with { Type = "a b" } }, sound with { Id = Id with { Value = "0" } }, sound with { Target = Oid.Zero }])
        {
            await Assert.ThrowsAsync<ArgumentException>(async () => await store.RecordAsync([sound, odd], [], CancellationToken.None));
        }

        Assert.Empty((await store.FindAsync([Id], CancellationToken.None))[0]);
    }

    [Fact]
    public async Task The_last_answer_s_mark_is_found_by_its_question()
    {
        await using IExtIdStore store = await OpenAsync();
        AnswerMark first = new("rev https://example.org/p", new AdvertisementDigest(1, ulong.MaxValue), "\"é\""), second = first with { Digest = new AdvertisementDigest(2, 3), Validator = "W/\"x\"" };
        Assert.Null(await store.FindAnswerAsync(first.Key, CancellationToken.None));
        await store.RecordAnswerAsync(first, CancellationToken.None);
        Assert.Equal(first, await store.FindAnswerAsync(first.Key, CancellationToken.None));
        await store.RecordAnswerAsync(second, CancellationToken.None);
        await store.RecordAnswerAsync(second, CancellationToken.None);
        Assert.Equal(second, await store.FindAnswerAsync(first.Key, CancellationToken.None));
        Assert.Null(await store.FindAnswerAsync("rel https://example.org/p", CancellationToken.None));
        foreach (AnswerMark odd in (AnswerMark[])[first with { Key = "" }, first with { Validator = "" }, first with { Validator = new string('x', 501) }])
        {
            await Assert.ThrowsAsync<ArgumentException>(async () => await store.RecordAnswerAsync(odd, CancellationToken.None));
        }
    }
}
