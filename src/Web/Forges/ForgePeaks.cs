namespace Actors.Web.Forges;

/// <summary>The most that a forge saw of its clients: requests at once, and requests begun within any one second.</summary>
internal sealed class ForgePeaks(TimeProvider time)
{
    private readonly Lock _gate = new();
    private readonly Queue<long> _begun = new();
    private int _running;

    public int Concurrency { get; private set; }

    public int PerSecond { get; private set; }

    public void Begin()
    {
        lock (_gate)
        {
            Concurrency = Math.Max(Concurrency, ++_running);
            long now = time.GetTimestamp();
            while (_begun.TryPeek(out long first) && time.GetElapsedTime(first, now) >= TimeSpan.FromSeconds(1))
            {
                _begun.Dequeue();
            }

            _begun.Enqueue(now);
            PerSecond = Math.Max(PerSecond, _begun.Count);
        }
    }

    public void End()
    {
        lock (_gate)
        {
            _running--;
        }
    }
}
