using System.Runtime.CompilerServices;
using Actors.Store.Blobs;

namespace Actors.TestKit.Blobs;

/// <summary>
/// Puts faults between a store and its user: what is left of failures after a store's own retries. By seed, so that a single-threaded run
/// is repeated by it; or at one call, by number. Disposing it leaves the inner store open.
/// </summary>
public sealed class FaultyBlobStore(IBlobStore inner, int seed, BlobFaults faults) : IBlobStore
{
    private readonly Lock _gate = new();
    private readonly Random _random = new(seed);
    private long _calls;

    /// <summary>May be changed at any time; <see cref="BlobFaults.None"/> lets everything through.</summary>
    public BlobFaults Faults { get; set; } = faults;

    /// <summary>Every call from this number on (the first is 0) fails, as after a kill; null for none. Those under way go on.</summary>
    public long? DeadFrom { get; set; }

    /// <summary>Calls so far.</summary>
    public long Calls => Interlocked.Read(ref _calls);

    /// <summary>Told of each call before it is done: its name and key.</summary>
    public Action<string, string>? Observer { get; set; }

    /// <inheritdoc/>
    public string Location => inner.Location;

    /// <inheritdoc/>
    public Task<bool> PutAsync(BlobKey key, Stream content, BlobPutOptions options, CancellationToken cancellationToken) =>
        MeetAsync("put", key.ToString(), () => inner.PutAsync(key, content, options, cancellationToken));

    /// <inheritdoc/>
    public Task<BlobProperties?> FindAsync(BlobKey key, CancellationToken cancellationToken) =>
        MeetAsync("find", key.ToString(), () => inner.FindAsync(key, cancellationToken));

    /// <inheritdoc/>
    public async ValueTask<int> ReadAsync(BlobKey key, long offset, Memory<byte> buffer, CancellationToken cancellationToken) =>
        await MeetAsync("read", key.ToString(), () => inner.ReadAsync(key, offset, buffer, cancellationToken).AsTask()).ConfigureAwait(false);

    /// <inheritdoc/>
    public async Task<Stream?> OpenAsync(BlobKey key, long offset, CancellationToken cancellationToken)
    {
        Stream? stream = await MeetAsync("open", key.ToString(), () => inner.OpenAsync(key, offset, cancellationToken)).ConfigureAwait(false);
        return stream is not null && Draw() < Faults.Cut ? new CutStream(stream, (int)(Draw() * 100_000), () => Failure("read of", key.ToString())) : stream;
    }

    /// <inheritdoc/>
    public async IAsyncEnumerable<BlobProperties> ListAsync(string prefix, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        _ = await MeetAsync("list", prefix, () => Task.FromResult(true)).ConfigureAwait(false);
        double cut = Draw() < Faults.Cut ? Draw() * 20 : double.PositiveInfinity;
        await foreach (BlobProperties blob in inner.ListAsync(prefix, cancellationToken).ConfigureAwait(false))
        {
            yield return cut-- > 0 ? blob : throw Failure("list", prefix);
        }
    }

    /// <inheritdoc/>
    public Task DeleteAsync(IReadOnlyList<BlobKey> keys, CancellationToken cancellationToken) =>
        MeetAsync("delete", keys.Count == 0 ? "" : keys[0].ToString(), async () =>
        {
            if (Draw() < Faults.Cut)
            {
                await inner.DeleteAsync([.. keys.Take(keys.Count / 2)], cancellationToken).ConfigureAwait(false);
                throw Failure("delete", $"{keys.Count} keys");
            }

            await inner.DeleteAsync(keys, cancellationToken).ConfigureAwait(false);
            return true;
        });

    /// <inheritdoc/>
    public Task<int> AbortUploadsAsync(DateTimeOffset begunBefore, CancellationToken cancellationToken) =>
        MeetAsync("abort", "", () => inner.AbortUploadsAsync(begunBefore, cancellationToken));

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private async Task<T> MeetAsync<T>(string call, string key, Func<Task<T>> act)
    {
        long number = Interlocked.Increment(ref _calls) - 1;
        Observer?.Invoke(call, key);
        if (number >= DeadFrom)
        {
            throw Failure(call, key);
        }

        BlobFaults faults = Faults;
        if (Draw() < faults.Late)
        {
            await Task.Yield();
        }

        double chance = Draw();
        if (chance < faults.Lost)
        {
            throw Failure(call, key);
        }

        if (chance < faults.Lost + faults.Refused)
        {
            throw new BlobStoreException($"{Location}: {call} {key}: refused by the test", isTransient: false);
        }

        T result = await act().ConfigureAwait(false);
        if (chance < faults.Lost + faults.Refused + faults.Unheard)
        {
            (result as IDisposable)?.Dispose();
            throw Failure(call, key);
        }

        return result;
    }

    private BlobStoreException Failure(string call, string key) => new($"{Location}: {call} {key}: lost by the test", isTransient: true);

    private double Draw()
    {
        lock (_gate)
        {
            return _random.NextDouble();
        }
    }
}
