using Actors.Git.Objects;
using Actors.Store.ExtIds;
using Actors.Store.Heads;
using Actors.TestKit;
using Xunit;

namespace Actors.Store.Tests.ExtIds;

public sealed class SqliteExtIdStoreTests : ExtIdStoreConformance, IDisposable
{
    private readonly TemporaryFolder _folder = new();

    [Fact]
    public async Task What_was_written_is_there_when_opened_again_and_read_meanwhile()
    {
        ExtIdLink link = new(ExtId.Parse("t@3:01"), Oid.Parse("1111111111111111111111111111111111111111"), ObjectType.Tag);
        await using (IExtIdStore store = await OpenAsync())
        {
            await store.RecordAsync([link], [], CancellationToken.None);
            await using SqliteExtIdStore reader = SqliteExtIdStore.OpenForReading(_folder["extids.sqlite"]);
            Assert.Equal([link], (await reader.FindAsync([link.Id], CancellationToken.None))[0]);
            await Assert.ThrowsAsync<InvalidOperationException>(async () => await reader.RecordAsync([link], [], CancellationToken.None));
        }

        await using IExtIdStore again = await OpenAsync();
        Assert.Equal([link], (await again.FindAsync([link.Id], CancellationToken.None))[0]);
    }

    [Fact]
    public async Task Another_programs_database_is_refused()
    {
        await using (SqliteHeadStore.Open(_folder["heads.sqlite"]))
        {
        }

        Assert.Throws<HeadStoreException>(() => SqliteExtIdStore.Open(_folder["heads.sqlite"]));
        Assert.Throws<HeadStoreException>(() => SqliteExtIdStore.OpenForReading(_folder["heads.sqlite"]));
    }

    public void Dispose() => _folder.Dispose();

    protected override Task<IExtIdStore> OpenAsync() => Task.FromResult<IExtIdStore>(SqliteExtIdStore.Open(_folder["extids.sqlite"]));
}
