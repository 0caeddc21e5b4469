namespace Actors.Sync.Mirrors;

/// <summary>Ends the writing of a pack that grows beyond a limit.</summary>
internal sealed class PackRoom(long bytesMax) : IProgress<long>
{
    /// <exception cref="PackFullException">More than the limit.</exception>
    public void Report(long value)
    {
        if (value > bytesMax)
        {
            throw new PackFullException();
        }
    }
}
