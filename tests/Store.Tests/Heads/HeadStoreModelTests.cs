using Actors.Store.Heads;
using Actors.Store.Tests.Heads.Postgres;
using Actors.TestKit;
using Actors.TestKit.Servers;
using Xunit;

namespace Actors.Store.Tests.Heads;

/// <summary>Random operations with reopening agree with the model.</summary>
public sealed class HeadStoreModelTests(SharedPostgres shared) : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public Task Random_operations_with_reopening_agree_with_the_model(int seed) =>
        RunAsync(seed, () => Task.FromResult<IHeadStore>(SqliteHeadStore.Open(_folder["heads.db"])));

    [Theory]
    [InlineData(5)]
    [InlineData(6)]
    public async Task Random_operations_with_reopening_agree_with_the_model_on_PostgreSQL(int seed)
    {
        string connection = await HeadDatabase.CreateAsync(await shared.StartAsync(Assert.Skip));
        await RunAsync(seed, async () => await HeadDatabase.OpenAsync(connection));
    }

    private static async Task RunAsync(int seed, Func<Task<IHeadStore>> open)
    {
        Random random = new(seed);
        await using HeadModel model = new(random);
        IHeadStore store = await open();
        for (int step = 0; step < 120; step++)
        {
            if (random.Next(10) == 0)
            {
                await store.DisposeAsync();
                store = await open();
            }

            await model.StepAsync(store);
        }

        await model.AssertSameAsync(store);
        await store.DisposeAsync();
        await using IHeadStore again = await open();
        await model.AssertSameAsync(again);
    }
}
