using Actors.Sync.Repositories;
using Xunit;

namespace Actors.Sync.Tests.Repositories;

public sealed class BlobBargainTests
{
    [Theory]
    [InlineData(0, 0, 0, true)] // an empty history
    [InlineData(17, 1_800, 1, true)] // a squashed import of a stored project
    [InlineData(1_800, 1_800, 1, true)] // one commit of nothing known: one by one costs the same
    [InlineData(300, 3_000, 800, true)] // a vendored copy below a short history of its own
    [InlineData(20_000, 30_000, 12_000, false)] // many versions of the same files: as deltas they are far cheaper
    [InlineData(60_000, 60_000, 40_000, false)] // a long unrelated history
    public void Few_missing_blobs_are_wanted_and_long_histories_are_fetched_whole(long missing, long all, long commits, bool expected) =>
        Assert.Equal(expected, BlobBargain.WantMissing(missing, all, commits));
}
