using System.Buffers.Binary;
using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using Actors.Git.Remotes;
using Actors.Loaders.Downloads;
using Actors.Loaders.Objects;
using Actors.Loaders.Packages;
using Actors.Store.ExtIds;
using Actors.Store.Heads;
using Actors.Store.Objects;
using Actors.Sync.Outcomes;
using Actors.Sync.Repositories;
using Microsoft.Extensions.Logging;

namespace Actors.Loaders.Loads;

/// <summary>
/// One load of one package, from the registry's answer to the visit:
/// 1. ask the registry; the same bytes as at the last full visit: nothing more is done;
/// 2. read what it lists; look the releases up by their external ids: a hit counts only when the last snapshot has its target;
/// 3. fetch, unpack and describe the others, each for itself;
/// 4. commit the objects, make the snapshot;
/// 5. the caller records the visit, then the external ids are written.
/// One for a process; any number of loads of different packages at once.
/// </summary>
public sealed partial class PackageSync
{
    private readonly PackageCatalog _catalog;
    private readonly RegistryClient _client;
    private readonly IObjectStore _objects;
    private readonly IHeadStore _heads;
    private readonly IExtIdStore _extIds;
    private readonly LoadOptions _options;
    private readonly TimeProvider _clock;
    private readonly ILogger _log;
    private readonly Lock _newObjectsGate = new();
    private readonly ConcurrentDictionary<RepositoryUrl, FinishedLoad> _finished = new();

    /// <param name="catalog">What the keys stand for.</param>
    /// <param name="client">The wire.</param>
    /// <param name="objects">Where objects go.</param>
    /// <param name="heads">Where earlier snapshots are read; nothing is written there.</param>
    /// <param name="extIds">Where external ids are looked up and, when the visit is recorded, written.</param>
    /// <param name="options">What all loads share.</param>
    /// <param name="clock">For times of visits.</param>
    /// <param name="log">One line per change of state.</param>
    public PackageSync(
        PackageCatalog catalog, RegistryClient client, IObjectStore objects, IHeadStore heads, IExtIdStore extIds, LoadOptions options, TimeProvider clock,
        ILogger<PackageSync> log)
    {
        (_catalog, _client, _objects, _heads, _extIds, _options, _clock, _log) = (catalog, client, objects, heads, extIds, options, clock, log);
    }

    /// <summary>Loads one package. Does not record the visit. Whatever a registry does is an outcome, and so are our own failures.</summary>
    /// <exception cref="OperationCanceledException">The caller's; nothing visible remains but what was committed.</exception>
    public async Task<SyncResult> RunAsync(RepositoryUrl key, RepositoryState? known, CancellationToken cancellationToken)
    {
        LoadStart start = new(_catalog.Find(key) ?? throw new InvalidOperationException($"'{key}' is no package of this run."), known, _clock.GetUtcNow(), _clock.GetTimestamp());
        LoadTally tally = new() { PermittedHost = start.Origin.Key.Host };
        try
        {
            return await AskAndRunAsync(start, tally, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
        {
            int failures = known?.Failures ?? 0;
            Verdict verdict = exception is ArchiveException
                ? OutcomeRules.Judge(Outcome.Corrupt, Fault.Repository, exception.Message, failures, start.At)
                : OutcomeRules.Judge(exception, failures, start.At);
            if (verdict.Fault == Fault.Ours)
            {
                LogFailed(start.Origin.Origin, exception);
            }

            return Fail(start, tally, verdict, null);
        }
    }

    /// <summary>The visit is recorded: what it did, and what is to be written now; null when it is none of ours.</summary>
    internal FinishedLoad? Finish(RepositoryUrl key) => _finished.TryRemove(key, out FinishedLoad? load) ? load : null;

    /// <summary>Writes a recorded load's external ids, then what the registry calls its answer.</summary>
    internal async ValueTask WriteAsync(FinishedLoad load, CancellationToken cancellationToken)
    {
        if (load.Links.Count + load.Contents.Count > 0)
        {
            await _extIds.RecordAsync(load.Links, load.Contents, cancellationToken).ConfigureAwait(false);
        }

        if (load.Answer is { } answer)
        {
            await _extIds.RecordAnswerAsync(answer, cancellationToken).ConfigureAwait(false);
        }
    }

    private async Task<SyncResult> AskAndRunAsync(LoadStart start, LoadTally tally, CancellationToken cancellationToken)
    {
        IPackageLoader loader = _catalog.LoaderOf(start.Origin);
        string question = $"{_options.Era} {start.Origin.Key}";
        AnswerMark? last = start.Known is { Snapshot: not null } known && question.Length <= Store.Limits.AnswerKeyCharsMax
            && await _extIds.FindAnswerAsync(question, cancellationToken).ConfigureAwait(false) is { } mark && mark.Digest == known.Digest ? mark : null;
        RegistryReply reply = await loader.AskAsync(start.Origin with { Validator = last?.Validator }, _client, cancellationToken).ConfigureAwait(false);
        if (reply.Failure is { } failure)
        {
            return Fail(start, tally, OutcomeRules.Judge(failure, start.Known?.Failures ?? 0, start.At), failure);
        }

        if (reply.IsUnchanged && last is not null)
        {
            return Unchanged(start, tally, start.Known!.Snapshot!.Value);
        }

        tally.BytesReceived = reply.Bytes.Length;
        AdvertisementDigest digest = DigestOf(start.Origin, reply.Bytes.Span);
        if (reply.Validator is { } validator && validator != last?.Validator && question.Length <= Store.Limits.AnswerKeyCharsMax)
        {
            tally.Answer = new AnswerMark(question, digest, validator);
        }

        if (start.Known is { Snapshot: { } same } && start.Known.Digest == digest)
        {
            // The path of nearly every visit to a registry that calls its answers nothing: one digest, nothing parsed.
            reply.Return();
            return Unchanged(start, tally, same);
        }

        PackageListing listing = loader.Read(start.Origin, reply.Bytes, _options.Era);
        reply.Return();
        if (listing.VersionCount == 0 || listing.VersionCount > Limits.VersionsMax)
        {
            string error = listing.VersionCount == 0 ? "the registry lists no version" : $"more than {Limits.VersionsMax} versions";
            return Fail(start, tally, OutcomeRules.Judge(Outcome.Failed, Fault.Repository, error, start.Known?.Failures ?? 0, start.At), null);
        }

        return await LoadAsync(start, tally, listing, digest, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Of what decides the snapshot: the answer, and how it is read.</summary>
    private AdvertisementDigest DigestOf(PackageOrigin origin, ReadOnlySpan<byte> answer)
    {
        using IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(Encoding.UTF8.GetBytes($"{origin.Scheme} {_options.Era} 1\n"));
        hash.AppendData(answer);
        byte[] digest = hash.GetHashAndReset();
        return new AdvertisementDigest(BinaryPrimitives.ReadUInt64BigEndian(digest), BinaryPrimitives.ReadUInt64BigEndian(digest.AsSpan(8)));
    }
}
