using Actors.Git.Objects;
using Actors.Store.Packs;

namespace Actors.Store.Objects;

/// <summary>Closed packs that were compared with the store and wait to become visible, with others or alone.</summary>
/// <param name="census">What they have that is new.</param>
internal sealed class PendingIngest(IngestCensus census)
{
    private readonly Lock _leaving = new();
    private readonly TaskCompletionSource<PublishedIngest> _end = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private GroupStop? _stop;
    private bool _left;

    public IngestCensus Census { get; } = census;

    public IReadOnlyList<IncomingPack> Packs => Census.Packs;

    /// <summary>Bytes of packs and indexes.</summary>
    public long Bytes { get; } = census.Packs.Sum(pack => pack.Bytes);

    /// <summary>Ends when its objects are durable and visible, or never will be.</summary>
    public Task<PublishedIngest> End => _end.Task;

    public void Succeed(PublishedIngest result) => _end.TrySetResult(result);

    public void Collide(Oid oid) => _end.TrySetResult(new PublishedIngest(Census, 0, oid));

    public void Fail(Exception failure) => _end.TrySetException(failure);

    /// <summary>Its group is on its way.</summary>
    public void Join(GroupStop stop)
    {
        lock (_leaving)
        {
            _stop = stop;
            if (_left)
            {
                stop.Leave();
            }
        }
    }

    /// <summary>Its caller would rather end.</summary>
    public void Leave()
    {
        lock (_leaving)
        {
            _left = true;
            _stop?.Leave();
        }
    }

    public void Cancel(CancellationToken cancellationToken) => _end.TrySetCanceled(cancellationToken);
}
