using Actors.Git.Refs;
using Actors.Git.Remotes;

namespace Actors.Git.Transport;

/// <summary>What one probe over HTTP carries from step to step.</summary>
internal readonly record struct Probe(HttpVisit Visit, RefSelection Refs, AdvertisementDigest? Known, Deadline Deadline)
{
    /// <summary>The reply; the lines are copied, unless nothing changed.</summary>
    public WireProbeReply Succeeded(ServerProfile? profile, ObjectFormat format, AdvertisementDigest digest, ReadOnlyMemory<byte> lines) =>
        new(Known == digest ? null : lines.ToArray(), format, Refs)
        {
            Digest = digest,
            Profile = profile,
            MovedTo = Visit.MovedTo,
            Redirects = Visit.Redirects,
            RateLimit = Visit.RateLimit,
            Requests = Visit.Requests,
            BytesReceived = Visit.BytesReceived,
        };

    /// <summary>The reply of a probe that failed.</summary>
    public WireProbeReply Failed(RemoteFailure failure, ServerProfile? profile) =>
        new(null, ObjectFormat.Sha1, RefSelection.Default)
        {
            Failure = failure,
            Profile = profile,
            MovedTo = Visit.MovedTo,
            Redirects = Visit.Redirects,
            RateLimit = Visit.RateLimit,
            Requests = Visit.Requests,
            BytesReceived = Visit.BytesReceived,
        };
}
