namespace Actors.Web.Forges;

/// <summary>Counts what one repository, or the whole forge, was asked and has sent.</summary>
internal sealed class ForgeTally
{
    private long _requests;
    private long _bytesSent;

    public long Requests => Volatile.Read(ref _requests);

    public long BytesSent => Volatile.Read(ref _bytesSent);

    public void CountRequest() => Interlocked.Increment(ref _requests);

    public void CountBytes(long bytes) => Interlocked.Add(ref _bytesSent, bytes);
}
