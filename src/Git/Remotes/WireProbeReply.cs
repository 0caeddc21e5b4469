using Actors.Git.Refs;
using Actors.Git.Wire;

namespace Actors.Git.Remotes;

/// <summary>A probe's reply with the lines that it kept, in the form of v2's ls-refs.</summary>
internal sealed class WireProbeReply(byte[]? lines, ObjectFormat format, RefSelection refs) : ProbeReply
{
    private RefAdvertisement? _advertisement;

    public override RefAdvertisement ReadRefs()
    {
        if (Failure is not null)
        {
            throw new InvalidOperationException("The probe failed: there is no advertisement.");
        }

        return _advertisement ??= LsRefsReply.Parse(
            lines ?? throw new InvalidOperationException("The digest equals the known one that the probe was given: nothing was kept."), format, refs);
    }

    /// <summary>A probe that ended without an advertisement.</summary>
    public static WireProbeReply Failed(RemoteFailure failure, ServerProfile? profile, RepositoryUrl? movedTo, int requests, long bytesReceived) =>
        new(null, ObjectFormat.Sha1, RefSelection.Default)
        {
            Failure = failure,
            Profile = profile,
            MovedTo = movedTo,
            Requests = requests,
            BytesReceived = bytesReceived,
        };
}
