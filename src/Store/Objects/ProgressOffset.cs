namespace Actors.Store.Objects;

/// <summary>Adds what was done before to what one merge of several tells.</summary>
internal sealed class ProgressOffset(IProgress<(long Done, long Total)> progress, long start, long total) : IProgress<long>
{
    public void Report(long value) => progress.Report((Math.Min(start + value, total), total));
}
