using System.Security.Cryptography;
using Actors.Store.Blobs;
using Actors.Store.Catalogue;
using Oid = Actors.Git.Objects.Oid;

namespace Actors.Store.Index.Ranges;

/// <summary>A catalogue in memory, for tests and simulations: as strict as the other one, shared by any number of indexes.</summary>
internal sealed class MemoryIndexCatalogue(TimeProvider clock) : IIndexCatalogue
{
    private readonly Lock _gate = new();
    private readonly List<CataloguePack> _packs = [];
    private readonly Dictionary<long, CatalogueRun> _runs = [];
    private readonly Dictionary<int, (long Token, DateTimeOffset End)> _leases = [];
    private readonly Dictionary<long, IndexProcess> _processes = [];
    private readonly HashSet<long> _uploads = [];
    private IndexSettings? _settings;
    private long _uploadIds;
    private long _generation;

    /// <summary>Packs that are visible.</summary>
    public IReadOnlyList<CataloguePack> Visible
    {
        get
        {
            lock (_gate)
            {
                return [.. _packs.Where(pack => pack.ReplacedBy is null)];
            }
        }
    }

    /// <summary>Blobs of runs that are not listed any more, or never were.</summary>
    public IReadOnlyList<BlobKey> Unlisted { get; private set; } = [];

    /// <summary>Makes a pack visible whose blobs are up, in the place of others.</summary>
    public CataloguePack Add(UploadIntent upload, Oid name, long indexBytes, long objects, IReadOnlyList<long> replaces)
    {
        lock (_gate)
        {
            var pack = new CataloguePack(_packs.Count + 1, upload.Id, name, 0, indexBytes, objects, replaces, null);
            foreach (long replaced in replaces)
            {
                _packs[(int)replaced - 1] = _packs[(int)replaced - 1] with { ReplacedBy = pack.Sequence };
            }

            _packs.Add(pack);
            return pack;
        }
    }

    public Task<long> ReadRunGenerationAsync(CancellationToken cancellationToken) => InTurnAsync(() => _generation, cancellationToken);

    public Task<List<CatalogueRun>> ListRunsAsync(CancellationToken cancellationToken) =>
        InTurnAsync<List<CatalogueRun>>(() => [.. _runs.Values.OrderBy(run => run.Range).ThenBy(run => run.FirstSequence)], cancellationToken);

    public Task<List<CataloguePack>> ListPacksAfterAsync(long sequence, long oidsAfter, CancellationToken cancellationToken) =>
        InTurnAsync<List<CataloguePack>>(() => [.. _packs.Skip((int)sequence)], cancellationToken);

    public Task<UploadIntent> BeginUploadAsync(Func<long, IReadOnlyList<BlobKey>> name, CancellationToken cancellationToken) => InTurnAsync(
        () =>
        {
            long id = ++_uploadIds;
            _uploads.Add(id);
            return new UploadIntent(id, name(id));
        },
        cancellationToken);

    public Task<IndexLease?> TryLeaseRangeAsync(int range, long token, TimeSpan duration, CancellationToken cancellationToken) => InTurnAsync<IndexLease?>(
        () =>
        {
            (long Token, DateTimeOffset End) lease = _leases.GetValueOrDefault(range);
            DateTimeOffset now = clock.GetUtcNow();
            if (token == 0 ? lease.End > now : lease.Token != token)
            {
                return null;
            }

            lease = (token == 0 ? lease.Token + 1 : token, now + duration);
            _leases[range] = lease;
            return new IndexLease(range, lease.Token);
        },
        cancellationToken);

    public Task ReturnRangeAsync(IndexLease lease, CancellationToken cancellationToken) => InTurnAsync(
        () => _leases.TryGetValue(lease.Range, out (long Token, DateTimeOffset End) known) && known.Token == lease.Token
            && (_leases[lease.Range] = (lease.Token, DateTimeOffset.MinValue)) is { Token: > 0 },
        cancellationToken);

    public Task<bool> ListRunAsync(IndexLease lease, IReadOnlyList<long> replaced, CatalogueRun added, CancellationToken cancellationToken) => InTurnAsync(
        () =>
        {
            if (_leases.GetValueOrDefault(lease.Range).Token != lease.Token || replaced.Any(run => !_runs.ContainsKey(run)) || !_uploads.Remove(added.Id))
            {
                return false;
            }

            Unlisted = [.. Unlisted, .. replaced.Select(run => _runs[run].Key)];
            foreach (long run in replaced)
            {
                _runs.Remove(run);
            }

            _runs.Add(added.Id, added with { Generation = ++_generation });
            return true;
        },
        cancellationToken);

    public Task<long> RegisterAsync(string endpoint, IReadOnlyList<int> ranges, CancellationToken cancellationToken) => InTurnAsync(
        () =>
        {
            foreach (IndexProcess gone in _processes.Values.Where(process => process.HeartbeatAt < clock.GetUtcNow() - Limits.IndexProcessAge).ToArray())
            {
                _processes.Remove(gone.Id);
            }

            long id = ++_uploadIds;
            _processes.Add(id, new IndexProcess(id, endpoint, ranges, clock.GetUtcNow()));
            return id;
        },
        cancellationToken);

    public Task<bool> BeatAsync(long id, IReadOnlyList<int> ranges, CancellationToken cancellationToken) => InTurnAsync(
        () =>
        {
            if (!_processes.TryGetValue(id, out IndexProcess? process))
            {
                return false;
            }

            _processes[id] = process with { Ranges = ranges, HeartbeatAt = clock.GetUtcNow() };
            return true;
        },
        cancellationToken);

    public Task RemoveProcessAsync(long id, CancellationToken cancellationToken) => InTurnAsync(() => _processes.Remove(id), cancellationToken);

    public Task<List<IndexProcess>> ListProcessesAsync(DateTimeOffset since, CancellationToken cancellationToken) =>
        InTurnAsync<List<IndexProcess>>(() => [.. _processes.Values.Where(process => process.HeartbeatAt >= since).OrderBy(process => process.Id)], cancellationToken);

    public Task<IndexSettings> MakeIndexSettingsAsync(int rangesIfNew, CancellationToken cancellationToken) =>
        InTurnAsync(() => _settings ??= new IndexSettings(new OidRanges(rangesIfNew), RandomNumberGenerator.GetBytes(IndexSettings.SecretBytes)), cancellationToken);

    private Task<T> InTurnAsync<T>(Func<T> transaction, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        lock (_gate)
        {
            return Task.FromResult(transaction());
        }
    }
}
