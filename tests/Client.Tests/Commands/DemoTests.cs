using Actors.TestKit.Git;
using Xunit;

namespace Actors.Client.Tests.Commands;

public sealed class DemoTests
{
    [Fact]
    public async Task The_demo_runs_to_gits_verdict()
    {
        GitCommand.Require(Assert.Skip);
        CommandRun run = await CommandRun.OfAsync("", "demo");

        Assert.True(run.Code == 0, run.Error);
        Assert.Contains("git reads every object of every repository from the store", run.Error, StringComparison.Ordinal);
        Assert.Contains("found its origin", run.Error, StringComparison.Ordinal);
        Assert.Contains("only missing blobs", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_hostile_demo_ends_with_a_verdict_by_the_truth()
    {
        GitCommand.Require(Assert.Skip);
        CommandRun run = await CommandRun.OfAsync("", "demo", "--hostile", "--seed", "3");

        Assert.True(run.Code == 0, run.Error);
        Assert.Contains("Verdict: every name's heads are what its forge shows", run.Error, StringComparison.Ordinal);
        foreach (string happened in (string[])["changed byte", "gone: ", "refused: ", "unreachable: "])
        {
            Assert.Contains(happened, run.Error, StringComparison.Ordinal);
        }
    }
}
