using System.Collections.Concurrent;
using System.Net.Http;
using System.Runtime.CompilerServices;
using Actors.Git.Refs;
using Actors.Git.Remotes;
using Actors.Git.Wire;

namespace Actors.Git.Transport;

/// <summary>
/// Looks at a remote's refs over HTTP:
/// 1. blind <c>ls-refs</c> by POST, as v2 allows it (the advertisement is the same for each request of a server);
/// 2. when that brings nothing usable, one GET teaches what the server speaks, and in v0 and v1 brings the refs;
/// 3. in v2, <c>ls-refs</c> once more, now as the server wants it.
/// </summary>
internal sealed partial class HttpProbe(HttpTransport transport, DeadlinePool deadlines, ServerProfiles profiles)
{
    private readonly ConcurrentDictionary<(string Refs, ObjectFormat Format, bool Unborn), HttpBody> _bodies = new();
    private readonly ConcurrentDictionary<string, byte[]> _digestPrefixes = new();
    private readonly ConcurrentDictionary<ForgeHost, bool> _blindHosts = new();
    private readonly ConcurrentDictionary<RepositoryUrl, bool> _sha256 = new();
    private int _sha256Count;

    /// <summary>One probe. With <paramref name="known"/> equal to the digest, the reply keeps no lines.</summary>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public async ValueTask<ProbeReply> ProbeAsync(RepositoryUrl url, RefSelection refs, AdvertisementDigest? known, CancellationToken cancellationToken)
    {
        GitClientOptions options = transport.Options;
        HttpVisit visit = new(url, options.RedirectsMax);
        Probe probe = new(visit, refs, known, deadlines.Rent(options.ReadIdleTimeMax, options.ProbeTimeMax, cancellationToken));
        ServerProfile? profile = profiles.Find(url.Host);
        try
        {
            if (profile is null or { Version: 2 })
            {
                HttpProbeStep first = await LsRefsAsync(probe, profile, FormatOf(url), blind: true).ConfigureAwait(false);
                if (!first.AskAdvertisement)
                {
                    return first.Reply ?? probe.Failed(first.Failure!, profile);
                }
            }

            return await LearnAndProbeAsync(probe).ConfigureAwait(false);
        }
        catch (RemoteFailureException e)
        {
            return probe.Failed(e.Failure, profile);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            throw new OperationCanceledException(cancellationToken);
        }
        finally
        {
            probe.Deadline.Dispose();
        }
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<HttpProbeStep> LsRefsAsync(Probe probe, ServerProfile? profile, ObjectFormat format, bool blind)
    {
        HttpAnswer answer = await transport.PostAsync(probe.Visit, BodyOf(probe.Refs, format, profile?.Unborn ?? false), probe.Deadline).ConfigureAwait(false);
        if (answer.Response is not { } response)
        {
            return new(null, answer.Failure, blind && NeedsConfirmation(probe.Visit, answer.Failure!));
        }

        byte[] prefix = PrefixOf(probe.Refs);
        HttpReplyBytes bytes;
        using (response)
        {
            bytes = await HttpReplyBytes.ReadAsync(response, prefix, probe.Visit, transport.Options.AdvertisementBytesMax, probe.Deadline).ConfigureAwait(false);
        }

        using (bytes)
        {
            AdvertisementScan scan = AdvertisementScan.Of(bytes.Reply.Span, format, probe.Refs);
            return scan.State == AdvertisementState.Complete
                ? new(Succeed(probe, profile, format, prefix, bytes, scan), null, false)
                : Doubt(probe, scan, bytes.Reply.Span, blind);
        }
    }

    private WireProbeReply Succeed(Probe probe, ServerProfile? profile, ObjectFormat format, byte[] prefix, HttpReplyBytes bytes, AdvertisementScan scan)
    {
        if (profile is null && !_blindHosts.ContainsKey(probe.Visit.Url.Host))
        {
            _blindHosts.TryAdd(probe.Visit.Url.Host, true);
        }

        ReadOnlyMemory<byte> lines = bytes.Reply[..scan.LinesBytes];
        AdvertisementDigest digest = AdvertisementScan.Digest(scan.AllSelected
            ? bytes.WithPrefix(scan.LinesBytes)
            : AdvertisementScan.SelectedLines(prefix, lines.Span, format, probe.Refs));
        return probe.Succeeded(profile, format, digest, lines);
    }

    private HttpProbeStep Doubt(Probe probe, AdvertisementScan scan, ReadOnlySpan<byte> reply, bool blind)
    {
        switch (scan.State)
        {
            case AdvertisementState.Error:
                PktLine.Read(reply[scan.LinesBytes..], out _, out ReadOnlySpan<byte> payload);
                RemoteMessage.IsError(payload, out ReadOnlySpan<byte> words);
                RemoteFailure failure = RemoteMessage.Classify(words);
                return new(null, failure, blind && failure.Kind != RemoteFailureKind.Throttled && !IsTrusted(probe.Visit.Url.Host));
            case AdvertisementState.OverLimit:
                return new(null, new(RemoteFailureKind.OverLimit, $"More than {Limits.AdvertisedRefsMax} refs."), false);
            case AdvertisementState.Empty:
                return new(null, new(RemoteFailureKind.Unsupported, "The server answers ls-refs with nothing."), blind);
            case AdvertisementState.CutOff:
                return new(null, new(RemoteFailureKind.CutOff, "The ref advertisement ends before its flush-pkt."), blind);
            default:
                return new(null, new(RemoteFailureKind.Malformed, "The answer to ls-refs is no ref advertisement."), blind);
        }
    }

    /// <summary>Whether a refusal of the blind request may mean "not by this request": asked once more by GET, where the host has not shown that it speaks v2.</summary>
    private bool NeedsConfirmation(HttpVisit visit, RemoteFailure failure) =>
        failure.HttpStatus is not null && failure.Kind != RemoteFailureKind.Throttled
        && (!IsTrusted(visit.Url.Host) || failure.Kind is RemoteFailureKind.RemoteError or RemoteFailureKind.BadRedirect);

    private bool IsTrusted(ForgeHost host) => profiles.Find(host) is not null || _blindHosts.ContainsKey(host);

    private HttpBody BodyOf(RefSelection refs, ObjectFormat format, bool unborn)
    {
        (string, ObjectFormat, bool) key = (refs.Text, format, unborn);
        return _bodies.TryGetValue(key, out HttpBody? body) ? body : _bodies.GetOrAdd(key, HttpBody.Of(LsRefsRequest.Encode(refs, format, unborn)));
    }

    private byte[] PrefixOf(RefSelection refs) =>
        _digestPrefixes.TryGetValue(refs.Text, out byte[]? prefix) ? prefix : _digestPrefixes.GetOrAdd(refs.Text, AdvertisementScan.DigestPrefix(refs));
}
