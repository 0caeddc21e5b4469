using Actors.Store.Index.Ranges;
using Xunit;

namespace Actors.Store.Tests.Index.Ranges;

public sealed class SharedIndexModelTests
{
    [Theory]
    [InlineData(1, 1, true)]
    [InlineData(2, 4, true)]
    [InlineData(3, 16, true)]
    [InlineData(4, 256, true)]
    [InlineData(5, 2, false)]
    [InlineData(6, 8, false)]
    [InlineData(7, 16, false)]
    [InlineData(8, 64, false)]
    public async Task Random_packs_merges_compactions_lags_and_deaths_agree_with_a_model(int seed, int ranges, bool holdsAll)
    {
        await using var world = new SharedIndexWorld(ranges, seed);
        SharedIndexOptions options = SharedIndexWorld.Small with { HoldsAll = holdsAll, Copies = 1 + (seed % 2), LevelZeroOidsMax = Math.Max(10, 400 / ranges) };
        var living = new List<SharedIndexInstance>();
        for (int step = 0; step < (ranges == 256 ? 20 : 80); step++)
        {
            int act = world.Random.Next(20);
            SharedIndexInstance? one = living.Count > 0 ? living[world.Random.Next(living.Count)] : null;
            switch (act)
            {
                case < 7:
                    await world.AddPackAsync(act == 0 ? 500 : 40);
                    break;
                case 7:
                    await world.CompactAsync();
                    break;
                case 8 when living.Count < 4:
                    one = world.Start(options);
                    await one.RefreshAsync();
                    await (holdsAll ? Task.CompletedTask : one.ListenAsync());
                    living.Add(one);
                    break;
                case 9 when living.Count > 1:
                    await (step % 2 == 0 ? one!.KillAsync() : one!.DisposeAsync().AsTask());
                    living.Remove(one);
                    break;
                case 10:
                    world.Clock.Advance(TimeSpan.FromSeconds(world.Random.Next(40)));
                    break;
                case < 14 when one is not null:
                    await one.Index.BeatAsync(default);
                    break;
                case 14 when one is not null:
                    await one.Index.MergeAllAsync(default);
                    break;
                case < 17 when one is not null:
                    await one.Index.MergeStepAsync(default);
                    break;
                case < 19 when one is not null:
                    await one.RefreshAsync();
                    Assert.Equal(world.Packs.Count, one.Index.Applied);
                    break;
                default:
                    break;
            }

            await world.AssertTilesAsync();
            if (living.Count > 0)
            {
                await world.AssertAgreesAsync(living[world.Random.Next(living.Count)]);
            }
        }

        await using SharedIndexInstance last = world.Start(SharedIndexWorld.Small);
        await last.RefreshAsync();
        Assert.Equal(world.Packs.Count, last.Index.Applied);
        await world.AssertAgreesAsync(last);
    }
}
