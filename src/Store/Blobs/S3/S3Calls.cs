using Amazon.S3;
using Polly;
using Polly.Retry;

namespace Actors.Store.Blobs.S3;

/// <summary>
/// Makes calls of one store, again where they failed in a way that may pass: with waits that double and have chance in them, so that
/// many callers told to slow down do not come back together. What is left of a failure is a <see cref="BlobStoreException"/>.
/// </summary>
internal sealed class S3Calls
{
    private readonly S3Settings _settings;
    private readonly string _location;
    private readonly ResiliencePipeline _retries;

    public S3Calls(S3Settings settings, string location)
    {
        (_settings, _location) = (settings, location);
        ResiliencePipelineBuilder builder = new() { TimeProvider = settings.Clock };
        if (settings.RetriesMax > 0)
        {
            RetryStrategyOptions options = new()
            {
                ShouldHandle = new PredicateBuilder().Handle<BlobStoreException>(e => e.IsTransient),
                MaxRetryAttempts = settings.RetriesMax,
                BackoffType = DelayBackoffType.Exponential,
                UseJitter = true,
                Delay = settings.RetryDelay,
                MaxDelay = Limits.BlobRetryDelayMax,
            };
            options.Randomizer = settings.Chance ?? options.Randomizer;
            builder.AddRetry(options);
        }

        _retries = builder.Build();
    }

    /// <summary>What a call may take that moves so many bytes.</summary>
    public TimeSpan TimeFor(long bytes) => _settings.AnswerTimeMax + TimeSpan.FromSeconds((double)bytes / _settings.BytesPerSecondMin);

    /// <summary>One call until it succeeds or is given up.</summary>
    /// <param name="what">For the message: what was asked.</param>
    /// <param name="key">For the message: of which key.</param>
    /// <param name="attemptTimeMax">Time of one attempt.</param>
    /// <param name="attempt">One attempt. Answers that are expected are its results, not exceptions.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="BlobStoreException">Refused, or failed each time.</exception>
    public async Task<T> RunAsync<T>(string what, string key, TimeSpan attemptTimeMax, Func<CancellationToken, Task<T>> attempt, CancellationToken cancellationToken) =>
        await _retries.ExecuteAsync(
            static async (state, token) => await state.Calls.AttemptAsync(state.What, state.Key, state.TimeMax, state.Attempt, token).ConfigureAwait(false),
            (Calls: this, What: what, Key: key, TimeMax: attemptTimeMax, Attempt: attempt),
            cancellationToken).ConfigureAwait(false);

    private async Task<T> AttemptAsync<T>(string what, string key, TimeSpan timeMax, Func<CancellationToken, Task<T>> attempt, CancellationToken cancellationToken)
    {
        using CancellationTokenSource timer = new(timeMax, _settings.Clock);
        using CancellationTokenSource either = CancellationTokenSource.CreateLinkedTokenSource(timer.Token, cancellationToken);
        try
        {
            return await attempt(either.Token).ConfigureAwait(false);
        }
        catch (Exception e) when (!cancellationToken.IsCancellationRequested && S3Failures.Explain(e) is { } failure)
        {
            throw new BlobStoreException($"{_location}: {what} {key}: {failure.Words}", failure.IsTransient, e);
        }
        catch (AmazonS3Exception) when (cancellationToken.IsCancellationRequested)
        {
            throw new OperationCanceledException(cancellationToken);
        }
    }
}
