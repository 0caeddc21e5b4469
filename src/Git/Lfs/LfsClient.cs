using Actors.Git.Remotes;
using Actors.Git.Transport;

namespace Actors.Git.Lfs;

/// <summary>
/// Downloads from LFS servers: the batch API (docs/api/batch.md) and the basic transfer (docs/api/basic-transfers.md), with the
/// connections, address guard, credentials, deadlines and failures of git's own transport. What a server hands out with a download goes to
/// the address that it came with, and to no other host that it redirects to. One for a process.
/// </summary>
public sealed partial class LfsClient : IDisposable
{
    private readonly GitClientOptions _options;
    private readonly HttpExchanges _exchanges;
    private readonly DeadlinePool _deadlines;

    /// <summary>A client that behaves as a git client with the same options.</summary>
    public LfsClient(GitClientOptions options)
    {
        _options = options;
        _exchanges = new HttpExchanges(options);
        _deadlines = new DeadlinePool(options.Clock);
    }

    /// <summary>Requests sent so far.</summary>
    public long Requests => _exchanges.Requests;

    /// <summary>Asks where objects are to be had.</summary>
    /// <param name="server">As <see cref="LfsServer.Of"/> or a repository's <c>lfs.url</c> says.</param>
    /// <param name="objects">At most <see cref="Limits.LfsBatchObjectsMax"/>.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task<LfsBatchReply> BatchAsync(Uri server, IReadOnlyList<LfsObject> objects, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(objects.Count, Limits.LfsBatchObjectsMax);
        byte[] message = LfsBatchCodec.EncodeRequest(new LfsBatchRequest("download", ["basic"], objects));
        using Deadline deadline = _deadlines.Rent(_options.ReadIdleTimeMax, Timeout.InfiniteTimeSpan, cancellationToken);
        try
        {
            using HttpOpened opened = await _exchanges.PostAsync(LfsServer.BatchOf(server), message, LfsServer.MediaType, deadline).ConfigureAwait(false);
            byte[] reply = await ReadReplyAsync(opened, deadline).ConfigureAwait(false);
            return new LfsBatchReply(LfsBatchCodec.DecodeReply(reply, server, objects, _options.Clock.GetUtcNow()), null);
        }
        catch (Exception e) when (TransportFailures.Explain(e, deadline) is { } failure)
        {
            return new LfsBatchReply([], failure);
        }
    }

    /// <summary>
    /// Fetches many: in batches, several downloads at once, each verified by size and SHA-256 before it is kept. An address that expires
    /// meanwhile is asked for once more.
    /// </summary>
    /// <param name="server">As <see cref="LfsServer.Of"/> or a repository's <c>lfs.url</c> says.</param>
    /// <param name="objects">Which; one that is named twice is fetched once.</param>
    /// <param name="atOnce">Downloads at once.</param>
    /// <param name="open">Makes room for an object: a stream that is written from its beginning. Disposed here.</param>
    /// <param name="keep">Told when the stream has all bytes and they are right, before it is disposed.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>One outcome for each object that was asked for, in order. What the sink throws comes out as it is.</returns>
    public async Task<IReadOnlyList<LfsOutcome>> FetchAsync(
        Uri server, IReadOnlyList<LfsObject> objects, int atOnce,
        Func<LfsObject, CancellationToken, ValueTask<Stream>> open, Func<LfsObject, Stream, CancellationToken, ValueTask> keep, CancellationToken cancellationToken)
    {
        List<LfsOutcome> outcomes = [];
        foreach (LfsObject[] some in objects.Distinct().Chunk(Limits.LfsBatchObjectsMax))
        {
            LfsOutcome[] fetched = await FetchBatchAsync(server, some, atOnce, open, keep, cancellationToken).ConfigureAwait(false);
            LfsObject[] expired = [.. fetched.Where(outcome => ReferenceEquals(outcome.Failure, Expired)).Select(outcome => outcome.Object)];
            if (expired.Length > 0)
            {
                Dictionary<LfsObject, LfsOutcome> again = (await FetchBatchAsync(server, expired, atOnce, open, keep, cancellationToken).ConfigureAwait(false)).ToDictionary(outcome => outcome.Object);
                fetched = [.. fetched.Select(outcome => again.GetValueOrDefault(outcome.Object, outcome))];
            }

            outcomes.AddRange(fetched);
        }

        return outcomes;
    }

    /// <inheritdoc/>
    public void Dispose() => _exchanges.Dispose();

    private static RemoteFailure Expired { get; } = new(RemoteFailureKind.Unauthorized, "The LFS server's address for the object has expired.");

    private async Task<LfsOutcome[]> FetchBatchAsync(
        Uri server, LfsObject[] objects, int atOnce,
        Func<LfsObject, CancellationToken, ValueTask<Stream>> open, Func<LfsObject, Stream, CancellationToken, ValueTask> keep, CancellationToken cancellationToken)
    {
        LfsBatchReply reply = await BatchAsync(server, objects, cancellationToken).ConfigureAwait(false);
        if (reply.Failure is { } all)
        {
            return [.. objects.Select(wanted => new LfsOutcome(wanted, all))];
        }

        Dictionary<LfsObject, LfsBatchObject> answers = reply.Objects.ToDictionary(answer => answer.Object);
        LfsOutcome[] outcomes = new LfsOutcome[objects.Length];
        ParallelOptions parallel = new() { MaxDegreeOfParallelism = atOnce, CancellationToken = cancellationToken };
        await Parallel.ForAsync(0, objects.Length, parallel, async (i, token) =>
        {
            RemoteFailure? failure = Refusal(answers.GetValueOrDefault(objects[i]));
            if (failure is null)
            {
                Stream stream = await open(objects[i], token).ConfigureAwait(false);
                await using (stream.ConfigureAwait(false))
                {
                    failure = await DownloadAsync(objects[i], answers[objects[i]].Download!, stream, token).ConfigureAwait(false);
                    if (failure is null)
                    {
                        await keep(objects[i], stream, token).ConfigureAwait(false);
                    }
                }
            }

            outcomes[i] = new LfsOutcome(objects[i], failure);
        }).ConfigureAwait(false);
        return outcomes;
    }

    /// <summary>Why there is nothing to download; null where there is.</summary>
    private static RemoteFailure? Refusal(LfsBatchObject? answer) => answer switch
    {
        { Error: { } error } => new RemoteFailure(
            error.Code switch
            {
                404 or 410 => RemoteFailureKind.NotFound,
                401 => RemoteFailureKind.Unauthorized,
                403 or 451 => RemoteFailureKind.Forbidden,
                429 => RemoteFailureKind.Throttled,
                >= 500 => RemoteFailureKind.ServerError,
                _ => RemoteFailureKind.RemoteError,
            },
            $"LFS {error.Code}: {error.Message}", error.Code),
        { Download: not null } => null,
        _ => new RemoteFailure(RemoteFailureKind.NotFound, "The LFS server gives no download for the object."),
    };
}
