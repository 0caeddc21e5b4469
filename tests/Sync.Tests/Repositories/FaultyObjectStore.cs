using Actors.Git.Objects;
using Actors.Git.Packs;
using Actors.Store.Objects;

namespace Actors.Sync.Tests.Repositories;

/// <summary>A store whose ingests fail as they are told; everything else is the real one.</summary>
internal sealed class FaultyObjectStore(IObjectStore real) : IObjectStore
{
    /// <summary>Thrown by the next packs that are added.</summary>
    public Exception? FailAdd { get; set; }

    /// <summary>What the next commits say, instead of committing.</summary>
    public CommitResult? Commit { get; set; }

    public ValueTask<GitObject?> ReadAsync(Oid oid, long contentBytesMax, CancellationToken cancellationToken) =>
        real.ReadAsync(oid, contentBytesMax, cancellationToken);

    public ValueTask ContainsAsync(ReadOnlyMemory<Oid> oids, Memory<bool> present, CancellationToken cancellationToken) =>
        real.ContainsAsync(oids, present, cancellationToken);

    public ValueTask ReadTypesAsync(ReadOnlyMemory<Oid> oids, Memory<ObjectType> types, CancellationToken cancellationToken) =>
        real.ReadTypesAsync(oids, types, cancellationToken);

    public async Task<IPackIngest> BeginIngestAsync(IngestOptions options, CancellationToken cancellationToken) =>
        new FaultyIngest(this, await real.BeginIngestAsync(options, cancellationToken));

    public IAsyncEnumerable<AsidePack> ListAsideAsync(CancellationToken cancellationToken) => real.ListAsideAsync(cancellationToken);

    public Task<int> ReconsiderAsideAsync(CancellationToken cancellationToken) => real.ReconsiderAsideAsync(cancellationToken);

    public Task<Oid> WritePackAsync(IReadOnlyList<Oid> oids, Stream destination, CancellationToken cancellationToken) =>
        real.WritePackAsync(oids, destination, cancellationToken);

    public Task<CompactionResult> CompactAsync(CompactionOptions options, CancellationToken cancellationToken) =>
        real.CompactAsync(options, cancellationToken);

    public ValueTask<StoreFigures> ReadFiguresAsync(CancellationToken cancellationToken) => real.ReadFiguresAsync(cancellationToken);

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private sealed class FaultyIngest(FaultyObjectStore store, IPackIngest real) : IPackIngest
    {
        public async Task<PackIndexResult> AddAsync(Stream pack, CancellationToken cancellationToken)
        {
            if (store.FailAdd is not null)
            {
                _ = await pack.ReadAtLeastAsync(new byte[1000], 1000, throwOnEndOfStream: false, cancellationToken);
                throw store.FailAdd;
            }

            return await real.AddAsync(pack, cancellationToken);
        }

        public Task AddMadeAsync(
            uint count, int level, IReadOnlyCollection<ObjectReference> references, Func<PackWriter, CancellationToken, Task> write, CancellationToken cancellationToken) =>
            real.AddMadeAsync(count, level, references, write, cancellationToken);

        public ValueTask<IReadOnlyList<ObjectReference>> FindMissingAsync(CancellationToken cancellationToken) => real.FindMissingAsync(cancellationToken);

        public ValueTask<IReadOnlyList<Oid>> FindAbsentAsync(IReadOnlyList<Oid> oids, CancellationToken cancellationToken) =>
            real.FindAbsentAsync(oids, cancellationToken);

        public async Task<CommitResult> CommitAsync(string reason, Action<Oid, ObjectType>? newObjects, CancellationToken cancellationToken) =>
            store.Commit ?? await real.CommitAsync(reason, newObjects, cancellationToken);

        public Task KeepAsideAsync(string reason, CancellationToken cancellationToken) => real.KeepAsideAsync(reason, cancellationToken);

        public ValueTask DisposeAsync() => real.DisposeAsync();
    }
}
