using Actors.Web.Forges;

namespace Actors.TestKit.Forges;

/// <summary>A limited forge and one sender who always has work, on a simulated clock. Latencies vary from the half to the threefold, by a seed.</summary>
public sealed class LimitSimulation(RequestLimit limit, TimeSpan latency, int seed)
{
    private readonly Random _random = new(seed);
    private readonly PriorityQueue<(long BegunAt, LimitAnswer Answer), long> _underWay = new();

    /// <summary>Runs for a time from the start.</summary>
    public LimitFigures Run(IRequestSender sender, TimeSpan time)
    {
        ArgumentNullException.ThrowIfNull(sender);
        RequestLimiter limiter = new(limit);
        long start = new DateTime(2026, 1, 1, 12, 0, 0, DateTimeKind.Utc).Ticks;
        long end = start + time.Ticks;
        long answered = 0;
        for (long now = start; now < end;)
        {
            long next;
            while (sender.TryBegin(now, out next))
            {
                LimitAnswer answer = limiter.Ask(new DateTimeOffset(now, TimeSpan.Zero));
                _underWay.Enqueue((now, answer), now + Latency(answer));
            }

            bool ends = _underWay.TryPeek(out _, out long endsAt) && endsAt <= next;
            now = Math.Max(now, ends ? endsAt : next == long.MaxValue ? end : next);
            while (_underWay.TryPeek(out (long BegunAt, LimitAnswer Answer) ended, out endsAt) && endsAt <= now)
            {
                _underWay.Dequeue();
                answered += ended.Answer.Allowed ? 1 : 0;
                sender.End(ended.BegunAt, ended.Answer, (endsAt - ended.BegunAt) / (double)TimeSpan.TicksPerMillisecond, endsAt);
            }
        }

        return new LimitFigures(answered, limiter.Refused, limiter.Bans, answered / (limit.RequestsPerSecond * time.TotalSeconds));
    }

    private long Latency(LimitAnswer answer)
    {
        // A refusal costs a forge nothing.
        double factor = answer.Allowed ? 0.5 + (-0.5 * Math.Log(1 - (_random.NextDouble() * 0.99))) : 0.3;
        return (long)(latency.Ticks * factor);
    }
}
