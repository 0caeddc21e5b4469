using Actors.Sync.Schedules;

namespace Actors.Grains.Silos;

/// <summary>A silo's <see cref="WatchView"/>. Fields are only added; their numbers are never reused.</summary>
[GenerateSerializer]
[Immutable]
[Alias("actors.watch-part")]
internal sealed record WatchPart
{
    [Id(0)]
    public DateTimeOffset StartedAt { get; init; }

    [Id(1)]
    public double VisitsADay { get; init; }

    [Id(2)]
    public int Running { get; init; }

    [Id(3)]
    public long Visits { get; init; }

    [Id(4)]
    public long Found { get; init; }

    [Id(5)]
    public long Told { get; init; }

    [Id(6)]
    public string? Failure { get; init; }

    public static WatchPart? Of(WatchView? view) => view is null ? null : new WatchPart
    {
        StartedAt = view.StartedAt, VisitsADay = view.VisitsADay, Running = view.Running, Visits = view.Visits, Found = view.Found, Told = view.Told, Failure = view.Failure,
    };

    public WatchView ToView() => new()
    {
        StartedAt = StartedAt, VisitsADay = VisitsADay, Running = Running, Visits = Visits, Found = Found, Told = Told, Failure = Failure,
    };
}
