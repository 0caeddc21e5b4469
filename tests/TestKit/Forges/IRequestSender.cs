using Actors.Web.Forges;

namespace Actors.TestKit.Forges;

/// <summary>Something that sends requests to a limited forge as fast as it thinks right: a host's policy, or a pool of workers.</summary>
public interface IRequestSender
{
    /// <summary>Whether a request goes out now; if not, when to ask again (UTC ticks; the largest number: after the next answer).</summary>
    bool TryBegin(long now, out long readyAt);

    /// <summary>A request was answered or refused.</summary>
    void End(long begunAt, LimitAnswer answer, double latencyMs, long now);
}
