namespace Actors.Store.Objects;

/// <summary>Stops a group's work when every member's caller wants to end: one that does must not harm the others.</summary>
internal sealed class GroupStop : IDisposable
{
    private readonly Lock _gate = new();
    private readonly CancellationTokenSource _source = new();
    private int _staying;
    private bool _disposed;

    public GroupStop(IReadOnlyList<PendingIngest> members)
    {
        _staying = members.Count;
        foreach (PendingIngest one in members)
        {
            one.Join(this);
        }
    }

    public CancellationToken Token => _source.Token;

    /// <summary>One member's caller wants to end.</summary>
    public void Leave()
    {
        lock (_gate)
        {
            if (--_staying == 0 && !_disposed)
            {
                _source.Cancel();
            }
        }
    }

    public void Dispose()
    {
        lock (_gate)
        {
            _disposed = true;
            _source.Dispose();
        }
    }
}
