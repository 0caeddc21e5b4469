using Actors.Git.Remotes;
using Actors.Sync.ForgeHosts;

namespace Actors.Loaders.Downloads;

/// <summary>The permit of one download; given back once, with what the download's end says of the host.</summary>
internal sealed class FilePermit(FileHosts hosts, ForgeHost host, long begunAt)
{
    private bool _ended;

    public ForgeHost Host => host;

    public long BegunAt => begunAt;

    /// <summary>The body was read, or given up for reasons of its own.</summary>
    public void EndServed() => End(new HostEvidence(HostEvidenceKind.Answered) { Served = true });

    /// <summary>It was answered, in this time, and with this word on what is left of the host's budget.</summary>
    public void EndServed(double latencyMs, RateLimit? rateLimit) =>
        End(new HostEvidence(HostEvidenceKind.Answered) { Served = true, LatencyMs = latencyMs, RateLimit = rateLimit });

    /// <summary>We stopped; nothing is said of the host.</summary>
    public void EndSilently() => End(new HostEvidence(HostEvidenceKind.Nothing));

    public void EndFailed(RemoteFailure failure) => End(new HostEvidence(
        failure.Kind switch
        {
            _ when failure.Kind == RemoteFailureKind.Throttled || failure.RetryAfter is not null => HostEvidenceKind.Throttled,
            RemoteFailureKind.Unreachable or RemoteFailureKind.TimedOut => HostEvidenceKind.Unreachable,
            RemoteFailureKind.Unauthorized or RemoteFailureKind.Forbidden => HostEvidenceKind.RefusedUnknown,
            RemoteFailureKind.NotFound => HostEvidenceKind.Answered,
            _ => HostEvidenceKind.Nothing,
        },
        failure.RetryAfter));

    private void End(HostEvidence evidence)
    {
        if (!_ended)
        {
            _ended = true;
            hosts.End(this, evidence);
        }
    }
}
