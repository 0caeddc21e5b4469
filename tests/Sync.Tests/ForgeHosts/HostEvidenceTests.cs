using Actors.Git.Remotes;
using Actors.Store.Heads;
using Actors.Sync.ForgeHosts;
using Actors.Sync.Repositories;
using Xunit;

namespace Actors.Sync.Tests.ForgeHosts;

public sealed class HostEvidenceTests
{
    private static readonly RepositoryUrl Url = RepositoryUrl.Parse("https://example.org/a");
    private static readonly RepositoryState Open = new() { Url = Url, Visit = 1, SucceededAt = DateTimeOffset.UnixEpoch };

    [Theory]
    [InlineData(RemoteFailureKind.Throttled, true, HostEvidenceKind.Throttled)]
    [InlineData(RemoteFailureKind.Unreachable, true, HostEvidenceKind.Unreachable)]
    [InlineData(RemoteFailureKind.TimedOut, true, HostEvidenceKind.Unreachable)]
    [InlineData(RemoteFailureKind.Unauthorized, true, HostEvidenceKind.RefusedKnown)]
    [InlineData(RemoteFailureKind.Unauthorized, false, HostEvidenceKind.RefusedUnknown)]
    [InlineData(RemoteFailureKind.Forbidden, true, HostEvidenceKind.RefusedKnown)]
    [InlineData(RemoteFailureKind.Forbidden, false, HostEvidenceKind.RefusedUnknown)]
    [InlineData(RemoteFailureKind.NotFound, true, HostEvidenceKind.RefusedUnknown)]
    [InlineData(RemoteFailureKind.NotFound, false, HostEvidenceKind.Answered)]
    [InlineData(RemoteFailureKind.ServerError, true, HostEvidenceKind.Nothing)]
    [InlineData(RemoteFailureKind.CutOff, true, HostEvidenceKind.Nothing)]
    [InlineData(RemoteFailureKind.Malformed, true, HostEvidenceKind.Nothing)]
    public void Failure_says_of_its_host(RemoteFailureKind failure, bool openBefore, object kind) =>
        Assert.Equal(
            new HostEvidence((HostEvidenceKind)kind),
            HostEvidence.Of(Result(Outcome.Failed, new RemoteFailure(failure, "")), openBefore ? Open : null));

    [Theory]
    [InlineData(RemoteFailureKind.Unauthorized)]
    [InlineData(RemoteFailureKind.ServerError)]
    [InlineData(RemoteFailureKind.Throttled)]
    public void Any_failure_with_a_time_to_wait_is_throttling(RemoteFailureKind failure) =>
        Assert.Equal(
            new HostEvidence(HostEvidenceKind.Throttled, TimeSpan.FromSeconds(7)),
            HostEvidence.Of(Result(Outcome.Throttled, new RemoteFailure(failure, "", 401, TimeSpan.FromSeconds(7))), null));

    [Fact]
    public void Deadline_in_the_middle_of_an_answer_says_nothing() =>
        Assert.Equal(
            new HostEvidence(HostEvidenceKind.Nothing),
            HostEvidence.Of(Result(Outcome.TimedOut, new RemoteFailure(RemoteFailureKind.TimedOut, ""), bytes: 1), null));

    [Fact]
    public void Success_is_an_answer_and_our_own_failure_is_none()
    {
        Assert.Equal(new HostEvidence(HostEvidenceKind.Answered) { Served = true }, HostEvidence.Of(Result(Outcome.Unchanged, null), null));
        Assert.Equal(new HostEvidence(HostEvidenceKind.Nothing), HostEvidence.Of(Result(Outcome.Failed, null), null));
    }

    private static SyncResult Result(Outcome outcome, RemoteFailure? failure, long bytes = 0) => new(
        new SyncReport { Url = Url, Outcome = outcome, BytesReceived = bytes },
        new Visit { Url = Url, StartedAt = DateTimeOffset.UnixEpoch, Outcome = outcome },
        failure);
}
