using Actors.Store.Blobs;

namespace Actors.Sync.Tests.Mirrors;

/// <summary>Writes down each call; may be told to fail at one of them and at all that follow, as a process that dies does.</summary>
internal sealed class RecordedBlobs(IBlobStore real) : IBlobStore
{
    private readonly Lock _gate = new();

    /// <summary>The calls, as <c>put KEY</c>.</summary>
    public List<string> Calls { get; } = [];

    /// <summary>The call from which on none is answered, from 1; 0: all are.</summary>
    public int DiesAt { get; init; }

    /// <summary>The call at which it dies is still done, but nobody hears of it.</summary>
    public bool DoesTheLast { get; init; }

    /// <summary>Keys whose writing is refused, by their beginning.</summary>
    public string? Refused { get; init; }

    /// <summary>Awaited before each call.</summary>
    public Func<string, Task>? Before { get; init; }

    public string Location => real.Location;

    public Task<bool> PutAsync(BlobKey key, Stream content, BlobPutOptions options, CancellationToken cancellationToken) =>
        key.ToString().StartsWith(Refused ?? "nothing", StringComparison.Ordinal)
            ? throw new BlobStoreException($"{key}: AccessDenied", isTransient: false)
            : CallAsync($"put {key}", () => real.PutAsync(key, content, options, cancellationToken));

    public Task<BlobProperties?> FindAsync(BlobKey key, CancellationToken cancellationToken) =>
        CallAsync($"find {key}", () => real.FindAsync(key, cancellationToken));

    public async ValueTask<int> ReadAsync(BlobKey key, long offset, Memory<byte> buffer, CancellationToken cancellationToken) =>
        await CallAsync($"read {key}", () => real.ReadAsync(key, offset, buffer, cancellationToken).AsTask());

    public Task<Stream?> OpenAsync(BlobKey key, long offset, CancellationToken cancellationToken) =>
        CallAsync($"open {key}", () => real.OpenAsync(key, offset, cancellationToken));

    public async IAsyncEnumerable<BlobProperties> ListAsync(string prefix, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await CallAsync($"list {prefix}", () => Task.FromResult(true));
        await foreach (BlobProperties blob in real.ListAsync(prefix, cancellationToken))
        {
            yield return blob;
        }
    }

    public Task DeleteAsync(IReadOnlyList<BlobKey> keys, CancellationToken cancellationToken) => CallAsync($"delete {string.Join(' ', keys)}", async () =>
    {
        await real.DeleteAsync(keys, cancellationToken);
        return true;
    });

    public Task<int> AbortUploadsAsync(DateTimeOffset begunBefore, CancellationToken cancellationToken) => real.AbortUploadsAsync(begunBefore, cancellationToken);

    public ValueTask DisposeAsync() => real.DisposeAsync();

    private async Task<T> CallAsync<T>(string call, Func<Task<T>> work)
    {
        if (Before is not null)
        {
            await Before(call);
        }

        int number;
        lock (_gate)
        {
            Calls.Add(call);
            number = Calls.Count;
        }

        bool dead = DiesAt > 0 && number >= DiesAt;
        if (!dead || (DoesTheLast && number == DiesAt))
        {
            T result = await work();
            if (!dead)
            {
                return result;
            }
        }

        throw new BlobStoreException($"{call}: not reachable", isTransient: true);
    }
}
