namespace Actors.Sync.Mirrors;

/// <summary>Counts mirrors as they begin and end. Not for concurrent use.</summary>
internal sealed class MirrorCounts(int mirrors)
{
    private readonly long[] _outcomes = new long[MirrorOutcomeNames.All.Count];
    private int _running;
    private long _bytesSent;
    private long _newObjects;

    public void Began() => _running++;

    public void Ended(MirrorReport report)
    {
        _running--;
        _outcomes[(int)report.Outcome]++;
        _bytesSent += report.BytesSent;
        _newObjects += report.NewObjects;
    }

    public MirrorProgress Read() =>
        new() { Mirrors = mirrors, Outcomes = [.. _outcomes], Running = _running, BytesSent = _bytesSent, NewObjects = _newObjects };
}
