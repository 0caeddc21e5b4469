using Actors.Git.Objects;
using Actors.Git.Transport;
using Actors.Git.Wire;

namespace Actors.Git.Remotes;

/// <summary>
/// One fetch, whatever the version: negotiate, then hand the pack to the receiver. What the remote does wrong becomes
/// the result's failure; what the receiver throws goes to the caller.
/// </summary>
internal abstract class FetchSession(FetchChannel channel, FetchRequest request)
{
    private readonly HashSet<Oid> _shallow = [];
    private readonly HashSet<Oid> _commonSet = [];
    private readonly List<Oid> _common = [];
    private int _told;

    protected FetchChannel Channel => channel;

    protected FetchRequest Request => request;

    /// <summary>Haves that the server acknowledged.</summary>
    protected IReadOnlyCollection<Oid> Common => _common;

    /// <summary>Runs to the end.</summary>
    public async Task<FetchResult> RunAsync(Func<Stream, CancellationToken, Task> receiver, CancellationToken cancellationToken)
    {
        PackStream? pack;
        try
        {
            pack = await NegotiateAsync().ConfigureAwait(false);
        }
        catch (RemoteFailureException e)
        {
            return Result(e.Failure, false);
        }
        catch (GitFormatException e)
        {
            return Result(TransportFailures.OfFormat(e), false);
        }

        if (pack is null)
        {
            return Result(null, false);
        }

        await using (pack.ConfigureAwait(false))
        {
            RemoteFailure? failure = await ReceiveAsync(pack, receiver, cancellationToken).ConfigureAwait(false);
            return Result(failure, failure is null);
        }
    }

    /// <summary>Speaks with the server until a pack begins; null when it ends without one.</summary>
    protected abstract Task<PackStream?> NegotiateAsync();

    /// <summary>The next haves to tell; empty when all were.</summary>
    protected ReadOnlyMemory<Oid> NextRound()
    {
        int length = Math.Min(Limits.HavesPerRound, request.Haves.Count - _told);
        Oid[] round = new Oid[length];
        for (int i = 0; i < length; i++)
        {
            round[i] = request.Haves[_told + i];
        }

        _told += length;
        return round;
    }

    /// <summary>Whether every have was told.</summary>
    protected bool AllTold => _told == request.Haves.Count;

    /// <summary>Whether to end without a pack now that all haves are told and the server is not ready.</summary>
    protected bool StopsHere =>
        request.OnlyCommon
        || (request.NothingInCommon == NothingInCommon.Stop && !(_common.Count > 0 && request.CommonSuffices?.Invoke(_commonSet) == true));

    /// <summary>Notes a have that the server has too; once.</summary>
    protected void AddCommon(ReadOnlySpan<byte> hex)
    {
        Oid oid = Oid.TryParse(hex, out Oid parsed) ? parsed : throw Broken("An acknowledgment without object id.");
        if (_commonSet.Add(oid))
        {
            _common.Add(oid);
        }
    }

    /// <summary><c>shallow oid</c> or <c>unshallow oid</c> (gitprotocol-v2, "shallow-info"; gitprotocol-pack, "shallow-update").</summary>
    protected void AddShallow(ReadOnlySpan<byte> line)
    {
        if (line.StartsWith("shallow "u8) && Oid.TryParse(line[8..], out Oid cut))
        {
            _shallow.Add(cut);
        }
        else if (line.StartsWith("unshallow "u8) && Oid.TryParse(line[10..], out Oid whole))
        {
            _shallow.Remove(whole);
        }
        else
        {
            throw Broken("A line of the shallow boundary is neither shallow nor unshallow.");
        }

        if (_shallow.Count > Limits.ReplyLinesMax)
        {
            throw new GitFormatException(GitFormatError.OverLimit, $"More than {Limits.ReplyLinesMax} shallow commits.");
        }
    }

    protected static GitFormatException Broken(string message) => new(GitFormatError.Response, message);

    private static async Task<RemoteFailure?> ReceiveAsync(PackStream pack, Func<Stream, CancellationToken, Task> receiver, CancellationToken cancellationToken)
    {
        try
        {
            await receiver(pack, cancellationToken).ConfigureAwait(false);
        }
        catch (IOException) when (pack.Failure is not null)
        {
            return pack.Failure;
        }

        try
        {
            return await pack.DrainAsync(cancellationToken).ConfigureAwait(false) == 0
                ? null
                : throw new InvalidOperationException("The receiver of a pack must read to the end of its stream.");
        }
        catch (RemoteFailureException e)
        {
            return e.Failure;
        }
    }

    private FetchResult Result(RemoteFailure? failure, bool packReceived) => new()
    {
        Failure = failure,
        Common = _common,
        PackReceived = packReceived,
        Shallow = [.. _shallow],
        Requests = channel.Requests,
        BytesReceived = channel.BytesReceived,
    };
}
