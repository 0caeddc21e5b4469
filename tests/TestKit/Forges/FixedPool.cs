using Actors.Web.Forges;

namespace Actors.TestKit.Forges;

/// <summary>So many workers, each with one request at a time; a refused one waits as long as it is told, or a second.</summary>
public sealed class FixedPool(int workers) : IRequestSender
{
    private readonly PriorityQueue<int, long> _waiting = new();
    private int _idle = workers;

    /// <inheritdoc/>
    public bool TryBegin(long now, out long readyAt)
    {
        while (_waiting.TryPeek(out _, out long until) && until <= now)
        {
            _waiting.Dequeue();
            _idle++;
        }

        readyAt = _waiting.TryPeek(out _, out long next) ? next : long.MaxValue;
        if (_idle == 0)
        {
            return false;
        }

        _idle--;
        return true;
    }

    /// <inheritdoc/>
    public void End(long begunAt, LimitAnswer answer, double latencyMs, long now)
    {
        if (answer.Allowed)
        {
            _idle++;
        }
        else
        {
            _waiting.Enqueue(0, now + (answer.RetryAfter ?? TimeSpan.FromSeconds(1)).Ticks);
        }
    }
}
