using Actors.Git.Refs;
using Actors.Git.Transport;
using Actors.Git.Wire;

namespace Actors.Git.Remotes;

/// <summary>A connection to a server over <c>git://</c>, <c>ssh://</c> or a local pipe, its first words read: profile, and in v0 and v1 the refs.</summary>
internal sealed class ConversationOpening : IAsyncDisposable
{
    private readonly GitConnection _connection;
    private readonly PktLineReader _reader;
    private readonly Deadline _deadline;
    private InitialResponse? _said;

    private ConversationOpening(GitConnection connection, Deadline deadline)
    {
        (_connection, _deadline) = (connection, deadline);
        _reader = new PktLineReader(connection.Input, deadline);
    }

    public ServerProfile Profile => _said!.Profile!;

    public LegacyAdvertisement? Legacy => _said!.Legacy;

    public long BytesReceived => _reader.BytesRead;

    /// <summary>Connects and reads what the server says first.</summary>
    /// <exception cref="RemoteFailureException">No connection, or no git server.</exception>
    public static async ValueTask<ConversationOpening> OpenAsync(
        RepositoryUrl url, RefSelection refs, GitClientOptions options, DeadlinePool deadlines, Deadline deadline, CancellationToken cancellationToken)
    {
        GitConnection connection = url.Scheme switch
        {
            "git" => await SocketConnection.OpenAsync(url, options, deadlines, cancellationToken).ConfigureAwait(false),
            "ssh" => await OpenSshAsync(url, options, deadline).ConfigureAwait(false),
            _ when !options.AllowLocal => throw new RemoteFailureException(RemoteFailureKind.Forbidden, "Local repositories are not served."),
            _ => ProcessConnection.Open(UploadPackProgram.Local(url, options), options.Clock, deadline),
        };
        ConversationOpening opening = new(connection, deadline);
        try
        {
            await opening.ReadInitialAsync(refs, options.AdvertisementBytesMax).ConfigureAwait(false);
            return opening;
        }
        catch
        {
            await opening.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    private static async ValueTask<GitConnection> OpenSshAsync(RepositoryUrl url, GitClientOptions options, Deadline deadline)
    {
        try
        {
            System.Net.IPAddress? address = options.AddressGuard is { } guard
                ? (await new GuardedConnect(guard).ResolveAsync(url.HostName, deadline.Token).ConfigureAwait(false))[0]
                : null;
            return ProcessConnection.Open(UploadPackProgram.Ssh(url, options, address), options.Clock, deadline);
        }
        catch (Exception e) when (e is not RemoteFailureException && TransportFailures.Explain(e, deadline) is { } failure)
        {
            throw new RemoteFailureException(failure, e);
        }
    }

    /// <summary>The refs: by ls-refs in v2, else as already shown.</summary>
    /// <exception cref="RemoteFailureException">The remote failed.</exception>
    public async ValueTask<ProbeReply> ProbeAsync(RefSelection refs, AdvertisementDigest? known, long bytesMax)
    {
        byte[] prefix = AdvertisementScan.DigestPrefix(refs);
        ReadOnlyMemory<byte> lines = Legacy is { } legacy ? legacy.Lines : await LsRefsAsync(refs, bytesMax).ConfigureAwait(false);
        AdvertisementDigest digest = AdvertisementScan.Digest(AdvertisementScan.SelectedLines(prefix, lines.Span, Profile.ObjectFormat, refs));
        return new WireProbeReply(known == digest ? null : lines.ToArray(), Profile.ObjectFormat, refs)
        {
            Digest = digest,
            Profile = Profile,
            Requests = 1,
            BytesReceived = BytesReceived,
        };
    }

    /// <summary>For negotiation and pack.</summary>
    public FetchChannel OpenFetch() => new ConnectionFetchChannel(_connection, _reader, _deadline);

    /// <inheritdoc cref="GitConnection.ExplainEndAsync"/>
    public ValueTask<RemoteFailure?> ExplainEndAsync() => _connection.ExplainEndAsync();

    public async ValueTask DisposeAsync()
    {
        await _connection.DisposeAsync().ConfigureAwait(false);
        _reader.Dispose();
    }

    private async ValueTask ReadInitialAsync(RefSelection refs, long bytesMax)
    {
        InitialResponse said = new(refs);
        await CarefullyAsync(async () =>
        {
            while (true)
            {
                PktLineKind kind = await _reader.ReadExpectedAsync().ConfigureAwait(false);
                if (said.Add(kind, _reader.Payload.Span))
                {
                    return;
                }

                CheckLength(bytesMax);
            }
        }).ConfigureAwait(false);
        _said = said;
    }

    private async ValueTask<ReadOnlyMemory<byte>> LsRefsAsync(RefSelection refs, long bytesMax)
    {
        PktLineWriter lines = new(4096);
        await CarefullyAsync(async () =>
        {
            await _deadline.WriteAsync(_connection.Output, LsRefsRequest.Encode(refs, Profile.ObjectFormat, Profile.Unborn)).ConfigureAwait(false);
            int count = 0;
            while (await _reader.ReadExpectedAsync().ConfigureAwait(false) is PktLineKind.Data)
            {
                CheckLength(bytesMax);
                if (++count > Limits.AdvertisedRefsMax)
                {
                    throw new GitFormatException(GitFormatError.OverLimit, $"More than {Limits.AdvertisedRefsMax} refs.");
                }

                lines.Line(_reader.Payload.Span);
            }
        }).ConfigureAwait(false);
        return lines.Written;
    }

    /// <summary>Bad bytes become the remote's failure; an early end is explained by what the program said on its error channel.</summary>
    private async ValueTask CarefullyAsync(Func<Task> step)
    {
        try
        {
            await step().ConfigureAwait(false);
        }
        catch (GitFormatException e)
        {
            throw new RemoteFailureException(TransportFailures.OfFormat(e), e);
        }
        catch (RemoteFailureException e) when (e.Failure.Kind == RemoteFailureKind.CutOff)
        {
            throw await _connection.ExplainEndAsync().ConfigureAwait(false) is { } reason ? new RemoteFailureException(reason, e) : e;
        }
    }

    private void CheckLength(long bytesMax)
    {
        if (_reader.BytesRead > bytesMax)
        {
            throw new RemoteFailureException(RemoteFailureKind.OverLimit, $"The ref advertisement is longer than {bytesMax} bytes.");
        }
    }
}
