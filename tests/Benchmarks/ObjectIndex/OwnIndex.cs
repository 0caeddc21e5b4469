using System.Diagnostics;
using Actors.Git.Objects;
using Actors.Store.Index;

namespace Actors.Benchmarks.ObjectIndex;

/// <summary>Our side: an object index in a temporary folder.</summary>
internal sealed class OwnIndex : IDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("actors-object-index-").FullName;
    private readonly Store.Index.ObjectIndex _index;
    private int _packs;

    /// <summary>Puts the oids in, in packs of a million, and merges them all.</summary>
    public OwnIndex(Oid[] oids)
    {
        _index = Store.Index.ObjectIndex.Open(_directory, readOnly: false, ObjectIndexOptions.Default);
        long start = Stopwatch.GetTimestamp();
        foreach (Oid[] batch in oids.Chunk(1_000_000))
        {
            Add(batch);
        }

        _index.MergeAll(CancellationToken.None);
        LoadRate = oids.Length / Stopwatch.GetElapsedTime(start).TotalSeconds;
        BytesPerOid = (double)_index.Bytes / _index.Count;
    }

    public double LoadRate { get; }

    public double BytesPerOid { get; }

    public long CountPresent(Oid[] batch)
    {
        Span<bool> present = new bool[batch.Length];
        _index.Contains(batch, present);
        return present.Count(true);
    }

    /// <summary>Inserts until all is on disk and merged by rule. As in the store, another thread writes and merges meanwhile.</summary>
    /// <param name="batches">Each a pack.</param>
    /// <param name="durable">Each batch is on disk before the next begins, merging included.</param>
    public async Task InsertAsync(Oid[][] batches, bool durable)
    {
        Task merging = Task.CompletedTask;
        foreach (Oid[] batch in batches)
        {
            Add(batch);
            if (durable)
            {
                _index.Flush();
                MergeByRule();
            }
            else if (merging.IsCompleted)
            {
                merging = Task.Run(MergeByRule);
            }
        }

        await merging;
        _index.Flush();
        MergeByRule();
    }

    public void Dispose()
    {
        _index.Dispose();
        Directory.Delete(_directory, recursive: true);
    }

    private void MergeByRule()
    {
        while (_index.MergeStep(CancellationToken.None))
        {
        }
    }

    private void Add(Oid[] batch)
    {
        OidOrder.Sort(batch, []);
        Span<byte> name = stackalloc byte[Oid.Length];
        BitConverter.TryWriteBytes(name, ++_packs);
        _index.AddPack(Oid.FromBytes(name), batch);
    }
}
