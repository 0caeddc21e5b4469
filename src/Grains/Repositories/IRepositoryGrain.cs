using Orleans.Concurrency;

namespace Actors.Grains.Repositories;

/// <summary>
/// One repository: one visit at a time in the whole cluster, whoever asks. Key: its canonical URL. Lives only while it is visited;
/// what is known of repositories is in the head database.
/// </summary>
[Alias("actors.repository")]
public interface IRepositoryGrain : IGrainWithStringKey
{
    /// <summary>Begins a visit, or joins the one that runs. Answers within seconds: with its end, or that it still runs.</summary>
    [Alias("Start")]
    [AlwaysInterleave]
    Task<VisitAnswer> StartAsync(VisitOrder order);

    /// <summary>Waits for a visit that was said to run, for seconds at most.</summary>
    /// <param name="visit">See <see cref="VisitAnswer.Visit"/>.</param>
    [Alias("Wait")]
    [AlwaysInterleave]
    Task<VisitAnswer> WaitAsync(long visit);
}
