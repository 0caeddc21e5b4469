using Actors.Store.Campaigns;
using Actors.Store.Tests.Campaigns.Postgres;
using Actors.TestKit.Clocks;
using Actors.TestKit.Servers;
using Xunit;
using static Actors.Store.Tests.Campaigns.CampaignExamples;

namespace Actors.Store.Tests.Campaigns;

/// <summary>Random claims, checkpoints, deaths and expiries of several processes: no repository is lost, none is counted twice.</summary>
public sealed class CampaignStoreModelTests(SharedPostgres shared)
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task Random_work_in_memory_agrees_with_the_model(int seed)
    {
        ManualTimeProvider clock = new();
        await using MemoryCampaignStore store = new(clock, new Random(seed));
        await RunAsync(seed, 400, [store], () =>
        {
            clock.Advance(TimeSpan.FromHours(1));
            return Task.CompletedTask;
        });
    }

    [Theory]
    [InlineData(4)]
    [InlineData(5)]
    public async Task Random_work_of_several_processes_on_PostgreSQL_agrees_with_the_model(int seed)
    {
        string connection = await CampaignDatabase.CreateAsync(await shared.StartAsync(Assert.Skip));
        await using PostgresCampaignStore one = await CampaignDatabase.OpenAsync(connection, seed);
        await using PostgresCampaignStore two = await CampaignDatabase.OpenAsync(connection, seed + 100);
        await RunAsync(seed, 250, [one, two], () => CampaignDatabase.ExpireAsync(connection));
    }

    private static async Task RunAsync(int seed, int steps, ICampaignStore[] stores, Func<Task> expireAsync)
    {
        Random random = new(seed);
        StoredCampaign campaign = await stores[0].SubmitAsync(List(("one.example", 90), ("two.example", 50), ("three.example", 3), ("four.example", 2)));
        CampaignModel model = new(campaign, random);
        for (int step = 0; step < steps; step++)
        {
            await model.StepAsync(stores[random.Next(stores.Length)], expireAsync);
        }

        await model.EndAsync(stores[0], expireAsync);
    }
}
