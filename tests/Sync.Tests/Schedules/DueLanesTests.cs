using Actors.Git.Remotes;
using Actors.Sync.Schedules;
using Xunit;

namespace Actors.Sync.Tests.Schedules;

public sealed class DueLanesTests
{
    private readonly DueLanes _lanes = new();

    [Fact]
    public void Hosts_take_turns_and_have_one_at_a_time()
    {
        Add("a", 2 * Limits.TurnLines);
        Add("b", Limits.RareHostLines + 1);
        Assert.Equal(["a"], Hosts(out IReadOnlyList<RepositoryUrl> first));
        Assert.Equal(Limits.TurnLines, first.Count);
        Assert.Equal(["b"], Hosts(out _));
        Assert.Empty(_lanes.TakeTurn());
        Add("b", 1);
        Add("c", Limits.RareHostLines + 1);
        Assert.Equal(["c"], Hosts(out _));
        _lanes.EndTurn([first[0].Host]);
        Assert.Equal(["a"], Hosts(out IReadOnlyList<RepositoryUrl> second));
        Assert.Empty(second.Intersect(first));
        Assert.Equal(1, _lanes.Waiting);
    }

    [Fact]
    public void Hosts_with_few_lines_share_a_turn_and_not_with_one_that_has_many()
    {
        Add("a", 3);
        Add("b", Limits.RareHostLines);
        Add("many", Limits.RareHostLines + 1);
        Add("c", 1);
        Assert.Equal(["a", "b"], Hosts(out IReadOnlyList<RepositoryUrl> shared));
        Assert.Equal(3 + Limits.RareHostLines, shared.Count);
        Assert.Equal(["many"], Hosts(out _));
        Assert.Equal(["c"], Hosts(out _));
        Assert.Equal(0, _lanes.Waiting);
    }

    [Fact]
    public void A_shared_turn_has_an_end()
    {
        for (int host = 0; host < Limits.SharedTurnLines + 7; host++)
        {
            Add($"h{host}", 1);
        }

        Assert.Equal(Limits.SharedTurnLines, _lanes.TakeTurn().Count);
        Assert.Equal(7, _lanes.TakeTurn().Count);
    }

    [Fact]
    public void What_waits_of_a_host_at_work_can_be_taken_out()
    {
        Add("a", Limits.TurnLines + 5);
        ForgeHost host = _lanes.TakeTurn()[0].Host;
        Assert.Equal(5, _lanes.Clear(host).Count);
        _lanes.EndTurn([host]);
        Assert.Empty(_lanes.TakeTurn());
        Add("a", 1);
        Assert.Single(_lanes.TakeTurn());
    }

    private void Add(string host, int count)
    {
        for (int line = 0; line < count; line++)
        {
            _lanes.Add(RepositoryUrl.Parse($"https://{host}.example/{_lanes.Waiting}-{line}"));
        }
    }

    private IEnumerable<string> Hosts(out IReadOnlyList<RepositoryUrl> lines)
    {
        lines = _lanes.TakeTurn();
        return lines.Select(url => url.Host.ToString().Replace(".example", "", StringComparison.Ordinal)).Distinct();
    }
}
