using Actors.Sync.Campaigns;

namespace Actors.Client.Screens;

/// <summary>Syncs a second, smoothed over the last seconds, from one progress to the next.</summary>
internal sealed class ProgressRate
{
    /// <summary>The weight of the past halves in this time.</summary>
    private const double HalfLifeSeconds = 5;

    private TimeSpan _lastAt;
    private long _lastDone;
    private bool _begun;

    public double PerSecond { get; private set; }

    public void Observe(CampaignProgress progress)
    {
        long done = progress.Done();
        double seconds = (progress.Elapsed - _lastAt).TotalSeconds;
        if (seconds <= 0.05)
        {
            return;
        }

        double now = (done - _lastDone) / seconds;
        double keep = _begun ? Math.Pow(0.5, seconds / HalfLifeSeconds) : 0;
        PerSecond = (keep * PerSecond) + ((1 - keep) * now);
        (_lastAt, _lastDone, _begun) = (progress.Elapsed, done, true);
    }

    /// <summary>Null while nothing can be said.</summary>
    public TimeSpan? TimeLeft(CampaignProgress progress)
    {
        long left = progress.Repositories - progress.Done();
        return left > 0 && PerSecond > 0.001 ? TimeSpan.FromSeconds(Math.Min(left / PerSecond, 1e9)) : null;
    }
}
