using Actors.Git.Remotes;
using Actors.Store.Heads;
using Actors.Store.Listings;
using Actors.TestKit;
using Xunit;

namespace Actors.Store.Tests.Listings;

public sealed class SqliteListingStoreTests : ListingStoreConformance, IDisposable
{
    private readonly TemporaryFolder _folder = new();

    [Fact]
    public async Task Two_open_the_file_at_once_and_each_sees_what_the_other_wrote()
    {
        ListedRepository one = new() { Url = RepositoryUrl.Parse("https://h.example/a"), ListedAt = new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero) };
        await using IListingStore writer = await OpenAsync();
        await using IListingStore reader = await OpenAsync();
        await writer.SaveListedAsync([one], CancellationToken.None);
        Assert.Equal([one], await reader.FindListedAsync([one.Url], CancellationToken.None));
        await reader.SaveListedAsync([one with { SizeBytes = 3 }], CancellationToken.None);
        Assert.Equal(3, (await writer.FindListedAsync([one.Url], CancellationToken.None))[0]!.SizeBytes);
    }

    [Fact]
    public async Task Another_programs_database_is_refused()
    {
        await using (SqliteHeadStore.Open(_folder["heads.sqlite"]))
        {
        }

        Assert.Throws<HeadStoreException>(() => SqliteListingStore.Open(_folder["heads.sqlite"]));
    }

    public void Dispose() => _folder.Dispose();

    protected override Task<IListingStore> OpenAsync() => Task.FromResult<IListingStore>(SqliteListingStore.Open(_folder["listings.sqlite"]));
}
