using Actors.Git.Remotes;
using Actors.Store.Heads;
using Xunit;

namespace Actors.Store.Tests.Heads;

public sealed class RepositoryEvidenceTests
{
    private static readonly DateTimeOffset Start = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private static readonly RepositoryUrl Name = RepositoryUrl.Parse("https://forge.example/old");
    private static readonly RepositoryUrl Place = RepositoryUrl.Parse("https://forge.example/new");
    private static readonly RepositoryUrl Other = RepositoryUrl.Parse("https://forge.example/other");

    private RepositoryState _state = new() { Url = Name };

    [Fact]
    public void One_bad_day_parks_nothing()
    {
        for (int hour = 0; hour < 80; hour++)
        {
            Visit(hour / 24.0, Outcome.Gone);
        }

        Assert.Equal((1, false), (_state.Evidence.Absences, _state.Evidence.IsParked));
    }

    [Theory]
    [InlineData(Outcome.Gone)]
    [InlineData(Outcome.Refused)]
    public void Refusals_over_two_weeks_park(Outcome outcome)
    {
        for (int day = 0; day < 14; day++)
        {
            Visit(day, outcome);
            Assert.False(_state.Evidence.IsParked);
        }

        Visit(14, outcome);
        Assert.True(_state.Evidence.IsParked);
    }

    [Theory]
    [InlineData(Outcome.Throttled, 2)]
    [InlineData(Outcome.Unreachable, 2)]
    [InlineData(Outcome.TimedOut, 2)]
    [InlineData(Outcome.Failed, 2)]
    [InlineData(Outcome.Corrupt, 1)]
    [InlineData(Outcome.Unchanged, 1)]
    public void What_says_nothing_of_the_repository_neither_counts_nor_refutes(Outcome between, int absences)
    {
        Visit(0, Outcome.Gone);
        Visit(2, between);
        Visit(4, Outcome.Gone);
        Assert.Equal(absences, _state.Evidence.Absences);
    }

    [Fact]
    public void Address_changes_only_when_the_same_move_was_seen_three_times_over_four_days()
    {
        Visit(0, Outcome.Unchanged, Place);
        Visit(1, Outcome.Unchanged, Place);
        Visit(2, Outcome.Unchanged, Other);
        Visit(3, Outcome.Unchanged, Place);
        Visit(5, Outcome.Unchanged, Place);
        Assert.Null(_state.Evidence.Address);
        Visit(7, Outcome.Updated, Place);
        Assert.Equal((Place, Name), (_state.Evidence.Address, _state.Url));
    }

    [Fact]
    public void Redirect_that_ends_refutes_the_move()
    {
        Visit(0, Outcome.Unchanged, Place);
        Visit(2, Outcome.Unchanged);
        Visit(4, Outcome.Unchanged, Place);
        Assert.Equal((Start.AddDays(4), 1), (_state.Evidence.MovedSince, _state.Evidence.Sightings));
    }

    [Fact]
    public void Address_that_is_gone_leads_back_to_the_name()
    {
        _state = _state with { MovedTo = Place, Evidence = new RepositoryEvidence { MovedSince = Start, Sightings = 3, Address = Place } };
        Visit(10, Outcome.Gone, Place);
        Assert.Equal(RepositoryEvidence.None, _state.Evidence);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("absent=x:1 moved=:: address=ftp://x future=7")]
    [InlineData("absent=99999999999999999:1")]
    public void Text_that_is_not_understood_is_no_evidence(string? text) => Assert.Equal(RepositoryEvidence.None, RepositoryEvidence.Parse(text));

    [Fact]
    public void Text_reads_back()
    {
        RepositoryEvidence all = new() { AbsentSince = Start, Absences = 2, MovedSince = Start.AddHours(1), Sightings = 4, Address = Place };
        Assert.Equal("absent=1767225600000:2 moved=1767229200000:4 address=https://forge.example/new", all.ToText());
        Assert.Equal(all, RepositoryEvidence.Parse(all.ToText() + " future=7"));
        Assert.Null(RepositoryEvidence.None.ToText());
    }

    private void Visit(double day, Outcome outcome, RepositoryUrl? movedTo = null) =>
        _state = _state.After(new Visit { Url = Name, StartedAt = Start.AddDays(day), Outcome = outcome, MovedTo = movedTo });
}
