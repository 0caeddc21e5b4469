namespace Actors.Web.Clients;

/// <summary>How long to wait before a stream is asked for again: longer each time, from the start once something has come.</summary>
internal sealed class Patience(ApiClientOptions options, TimeProvider clock)
{
    private int _failures;

    /// <summary>Something came.</summary>
    public void Renew()
    {
        if (_failures > 0)
        {
            options.Lost(null);
        }

        _failures = 0;
    }

    public async Task WaitAsync(string what, CancellationToken cancellationToken)
    {
        TimeSpan wait = options.RetryMin * Math.Pow(2, Math.Min(_failures, 10));
        wait = wait < Limits.ReconnectMax ? wait : Limits.ReconnectMax;
        _failures++;
        options.Lost($"{what}; trying again in {wait.TotalSeconds:0} s");
        await Task.Delay(wait, clock, cancellationToken).ConfigureAwait(false);
    }
}
