using System.Runtime.CompilerServices;

namespace Actors.Web.Api;

/// <summary>A slow sequence with a null now and then, so that whoever sends it on can show that it lives.</summary>
internal static class Heartbeats
{
    /// <summary>The items; a null whenever none came for a period.</summary>
    public static IAsyncEnumerable<T?> WithAsync<T>(IAsyncEnumerable<T> items, TimeSpan period, TimeProvider clock, CancellationToken cancellationToken)
        where T : class => RunAsync(items, period, clock, pauses: false, cancellationToken);

    /// <summary>The items; a null also when the next is not there yet, so that what has gathered can be sent.</summary>
    public static IAsyncEnumerable<T?> BatchedAsync<T>(IAsyncEnumerable<T> items, TimeSpan period, TimeProvider clock, CancellationToken cancellationToken)
        where T : class => RunAsync(items, period, clock, pauses: true, cancellationToken);

    private static async IAsyncEnumerable<T?> RunAsync<T>(
        IAsyncEnumerable<T> items, TimeSpan period, TimeProvider clock, bool pauses, [EnumeratorCancellation] CancellationToken cancellationToken)
        where T : class
    {
        using CancellationTokenSource ends = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        IAsyncEnumerator<T> source = items.GetAsyncEnumerator(ends.Token);
        Task<bool> next = Task.FromResult(false);
        bool any = false;
        try
        {
            while (true)
            {
                next = source.MoveNextAsync().AsTask();
                if (pauses && any && !next.IsCompleted)
                {
                    any = false;
                    yield return null;
                }

                while (!next.IsCompleted && !await CameWithinAsync(next, period, clock, cancellationToken).ConfigureAwait(false))
                {
                    yield return null;
                }

                if (!await next.ConfigureAwait(false))
                {
                    yield break;
                }

                any = true;
                yield return source.Current;
            }
        }
        finally
        {
            // An enumerator may not be disposed of while it moves.
            await ends.CancelAsync().ConfigureAwait(false);
            await next.ContinueWith(static _ => { }, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default).ConfigureAwait(false);
            await source.DisposeAsync().ConfigureAwait(false);
        }
    }

    private static async Task<bool> CameWithinAsync(Task<bool> next, TimeSpan period, TimeProvider clock, CancellationToken cancellationToken)
    {
        using CancellationTokenSource came = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        Task first = await Task.WhenAny(next, Task.Delay(period, clock, came.Token)).ConfigureAwait(false);
        await came.CancelAsync().ConfigureAwait(false);
        return first == next;
    }
}
