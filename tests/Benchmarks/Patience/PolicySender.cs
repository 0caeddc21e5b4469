using Actors.Sync.ForgeHosts;
using Actors.TestKit.Forges;
using Actors.Web.Forges;

namespace Actors.Benchmarks.Patience;

/// <summary>A host's policy that sends to a simulated limit.</summary>
internal sealed class PolicySender(HostPolicy policy) : IRequestSender
{
    public bool TryBegin(long now, out long readyAt)
    {
        PermitAnswer answer = policy.TryBegin(now);
        readyAt = answer == PermitAnswer.NotYet ? policy.ReadyAt : long.MaxValue;
        return answer == PermitAnswer.Granted;
    }

    public void End(long begunAt, LimitAnswer answer, double latencyMs, long now) => policy.End(
        begunAt,
        answer.Allowed ? new HostEvidence(HostEvidenceKind.Answered) { LatencyMs = latencyMs } : new HostEvidence(HostEvidenceKind.Throttled, answer.RetryAfter),
        now);
}
