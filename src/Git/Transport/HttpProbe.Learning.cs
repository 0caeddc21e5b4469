using System.Net.Http;
using Actors.Git.Refs;
using Actors.Git.Remotes;
using Actors.Git.Wire;

namespace Actors.Git.Transport;

internal sealed partial class HttpProbe
{
    private const string SmartType = "application/x-git-upload-pack-advertisement";

    /// <summary>
    /// <c>GET info/refs</c>: the server's profile, remembered for its host, and in v0 and v1 the refs (gitprotocol-http, "Smart Clients").
    /// </summary>
    /// <exception cref="RemoteFailureException">Refused, dumb, or not git.</exception>
    public async ValueTask<InitialResponse> LearnAsync(HttpVisit visit, RefSelection refs, Deadline deadline)
    {
        HttpAnswer answer = await transport.GetAsync(visit, deadline).ConfigureAwait(false);
        if (answer.Response is not { } response)
        {
            throw new RemoteFailureException(answer.Failure!);
        }

        HttpReplyBytes bytes;
        using (response)
        {
            string? type = response.Content.Headers.ContentType?.MediaType;
            if (type != SmartType)
            {
                throw new RemoteFailureException(await ExplainTypeAsync(response, type, deadline).ConfigureAwait(false));
            }

            bytes = await HttpReplyBytes.ReadAsync(response, default, visit, transport.Options.AdvertisementBytesMax, deadline).ConfigureAwait(false);
        }

        using (bytes)
        {
            InitialResponse said = Parse(bytes.Reply.Span, refs);
            Remember(visit.Url, said.Profile!);
            return said;
        }
    }

    private async ValueTask<ProbeReply> LearnAndProbeAsync(Probe probe)
    {
        InitialResponse said = await LearnAsync(probe.Visit, probe.Refs, probe.Deadline).ConfigureAwait(false);
        ServerProfile profile = said.Profile!;
        if (said.Legacy is { } legacy)
        {
            byte[] prefix = PrefixOf(probe.Refs);
            byte[] hashed = [.. prefix, .. legacy.Lines.Span];
            return probe.Succeeded(profile, profile.ObjectFormat, AdvertisementScan.Digest(hashed), legacy.Lines);
        }

        HttpProbeStep step = await LsRefsAsync(probe, profile, profile.ObjectFormat, blind: false).ConfigureAwait(false);
        return step.Reply ?? probe.Failed(step.Failure!, profile);
    }

    private void Remember(RepositoryUrl url, ServerProfile profile)
    {
        // A host may hold repositories of both formats: the host keeps what it first taught, the repository is remembered by itself.
        ServerProfile? before = profiles.Find(url.Host);
        profiles.Learn(url.Host, before is null ? profile : profile with { ObjectFormat = before.ObjectFormat });
        if (profile.ObjectFormat == ObjectFormat.Sha1)
        {
            if (_sha256Count > 0 && _sha256.TryRemove(url, out _))
            {
                Interlocked.Decrement(ref _sha256Count);
            }
        }
        else if (_sha256Count < Limits.Sha256RepositoriesMax && _sha256.TryAdd(url, true))
        {
            Interlocked.Increment(ref _sha256Count);
        }
    }

    private ObjectFormat FormatOf(RepositoryUrl url) =>
        Volatile.Read(ref _sha256Count) > 0 && _sha256.ContainsKey(url) ? ObjectFormat.Sha256 : ObjectFormat.Sha1;

    private static InitialResponse Parse(ReadOnlySpan<byte> bytes, RefSelection refs)
    {
        try
        {
            return InitialResponse.Parse(bytes, refs);
        }
        catch (GitFormatException e)
        {
            throw new RemoteFailureException(TransportFailures.OfFormat(e), e);
        }
    }

    /// <summary>A dumb server sends <c>info/refs</c> as a file: lines <c>oid TAB name</c> (gitprotocol-http, "Dumb Clients"); a forge's web page is HTML.</summary>
    private static async ValueTask<RemoteFailure> ExplainTypeAsync(HttpResponseMessage response, string? type, Deadline deadline)
    {
        byte[] start = new byte[128];
        Stream body = await HttpReplyBytes.OpenAsync(response, deadline).ConfigureAwait(false);
        int length = await deadline.ReadAsync(body, start).ConfigureAwait(false);
        int tab = start.AsSpan(0, length).IndexOf((byte)'\t');
        bool dumb = tab is 40 or 64 || (length == 0 && type is "text/plain" or "application/octet-stream");
        return new RemoteFailure(
            RemoteFailureKind.Unsupported,
            dumb ? "A dumb HTTP server: it has no git-upload-pack service." : $"Not a git server: it answers with {RemoteMessage.Clean(System.Text.Encoding.UTF8.GetBytes(type ?? "no content type"))}.",
            200);
    }
}
