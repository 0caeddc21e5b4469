namespace Actors.Web.Forges;

/// <summary>A forge's limit at work: a bucket, and bans for those who do not listen. Told the time; safe for calls from many threads.</summary>
public sealed class RequestLimiter(RequestLimit limit)
{
    private readonly Lock _gate = new();
    private readonly Queue<DateTimeOffset> _refusals = new();
    private double _tokens = limit.Burst;
    private DateTimeOffset _at;
    private DateTimeOffset _bannedUntil;

    public RequestLimit Limit { get; } = limit;

    /// <summary>Requests allowed so far.</summary>
    public long Allowed { get; private set; }

    /// <summary>Requests refused so far.</summary>
    public long Refused { get; private set; }

    /// <summary>Bans begun so far.</summary>
    public long Bans { get; private set; }

    /// <summary>One request.</summary>
    public LimitAnswer Ask(DateTimeOffset now)
    {
        lock (_gate)
        {
            if (now < _bannedUntil)
            {
                Refused++;
                _bannedUntil = Limit.ProlongsBans ? now + Limit.BanTime : _bannedUntil;
                return new LimitAnswer(false, true, Told(_bannedUntil - now), 0);
            }

            double earned = _at == default ? 0 : Math.Max(0, (now - _at).TotalSeconds) * Limit.RequestsPerSecond;
            _tokens = Math.Min(Math.Max(1, Limit.Burst), _tokens + earned);
            _at = now;
            if (_tokens >= 1)
            {
                _tokens--;
                Allowed++;
                return new LimitAnswer(true, false, null, (long)_tokens);
            }

            Refused++;
            return Refuse(now);
        }
    }

    private LimitAnswer Refuse(DateTimeOffset now)
    {
        while (_refusals.TryPeek(out DateTimeOffset oldest) && now - oldest > Limit.BanWindow)
        {
            _refusals.Dequeue();
        }

        _refusals.Enqueue(now);
        if (Limit.RefusalsToBan == 0 || _refusals.Count < Limit.RefusalsToBan)
        {
            return new LimitAnswer(false, false, Told(TimeSpan.FromSeconds((1 - _tokens) / Limit.RequestsPerSecond)), 0);
        }

        _refusals.Clear();
        _bannedUntil = now + Limit.BanTime;
        Bans++;
        return new LimitAnswer(false, true, Told(Limit.BanTime), 0);
    }

    private TimeSpan? Told(TimeSpan wait) =>
        !Limit.TellsRetryAfter ? null : wait > Limit.RetryAfterMin ? TimeSpan.FromSeconds(Math.Ceiling(wait.TotalSeconds)) : Limit.RetryAfterMin;
}
