using Actors.Git;
using Actors.Git.Objects;
using Actors.Store.Objects;
using Actors.TestKit.Clocks;

namespace Actors.Sync.Tests.Simulation.Fleets;

/// <summary>
/// An object store that believes whatever it is told, and checks it: what is committed must be closed, without the store's help. Outlives
/// the engines of a simulation.
/// </summary>
internal sealed class FleetStore(Random random) : IObjectStore
{
    private readonly Dictionary<Oid, GitObject> _objects = [];
    private readonly List<FleetPack> _packs = [];

    public ManualTimeProvider Clock { get; set; } = new();

    /// <summary>Ingests kept aside.</summary>
    public int Aside { get; private set; }

    /// <summary>What would have made it not closed, or null.</summary>
    public string? Broken { get; private set; }

    public int Objects => _objects.Count;

    /// <summary>A pack that will travel.</summary>
    public FleetPack Pack(IReadOnlyList<KeyValuePair<Oid, GitObject>> objects, bool isBent)
    {
        FleetPack pack = new(_packs.Count, objects, isBent);
        _packs.Add(pack);
        return pack;
    }

    public bool Has(Oid oid) => _objects.ContainsKey(oid);

    public ValueTask<GitObject?> ReadAsync(Oid oid, long contentBytesMax, CancellationToken cancellationToken) => ValueTask.FromResult(_objects.GetValueOrDefault(oid));

    public ValueTask ContainsAsync(ReadOnlyMemory<Oid> oids, Memory<bool> present, CancellationToken cancellationToken)
    {
        for (int place = 0; place < oids.Length; place++)
        {
            present.Span[place] = Has(oids.Span[place]);
        }

        return ValueTask.CompletedTask;
    }

    public ValueTask ReadTypesAsync(ReadOnlyMemory<Oid> oids, Memory<ObjectType> types, CancellationToken cancellationToken)
    {
        for (int place = 0; place < oids.Length; place++)
        {
            types.Span[place] = _objects.TryGetValue(oids.Span[place], out GitObject? found) ? found.Type : ObjectType.None;
        }

        return ValueTask.CompletedTask;
    }

    public Task<IPackIngest> BeginIngestAsync(IngestOptions options, CancellationToken cancellationToken) => Task.FromResult<IPackIngest>(new FleetIngest(this));

    public ValueTask<StoreFigures> ReadFiguresAsync(CancellationToken cancellationToken) => ValueTask.FromResult(new StoreFigures(0, Objects, 0, 0, 0, Aside));

    public Task<int> ReconsiderAsideAsync(CancellationToken cancellationToken) => Task.FromResult(0);

    public IAsyncEnumerable<AsidePack> ListAsideAsync(CancellationToken cancellationToken) => AsyncEnumerable.Empty<AsidePack>();

    public Task<Oid> WritePackAsync(IReadOnlyList<Oid> oids, Stream destination, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task<CompactionResult> CompactAsync(CompactionOptions options, CancellationToken cancellationToken) => throw new NotSupportedException();

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    internal FleetPack Find(ReadOnlySpan<byte> bytes)
    {
        FleetPack pack = _packs[BitConverter.ToInt32(bytes)];
        return pack.IsBent ? throw new GitFormatException(GitFormatError.Checksum, "The trailer is not that of the bytes.") : pack;
    }

    /// <summary>Visible in one step, some time after it was asked for.</summary>
    internal async Task<List<Oid>> CommitAsync(IReadOnlyDictionary<Oid, GitObject> objects, CancellationToken cancellationToken)
    {
        await Clock.PauseAsync(random.Next(2) * random.Next(1, 300), cancellationToken);
        List<Oid> fresh = [];
        foreach ((Oid oid, GitObject one) in objects)
        {
            foreach (ObjectReference reference in FleetHistories.References[oid])
            {
                if (!objects.ContainsKey(reference.Oid) && !Has(reference.Oid))
                {
                    throw new InvalidOperationException(Broken = $"The store would not be closed: {oid} refers to {reference.Oid}, which is nowhere.");
                }
            }

            if (_objects.TryAdd(oid, one))
            {
                fresh.Add(oid);
            }
        }

        return fresh;
    }

    internal void KeepAside() => Aside++;
}
