namespace Actors.Web.Clients;

/// <summary>Which server, and as whom.</summary>
/// <param name="Address">http or https; a path is what the API's paths are below, behind a proxy.</param>
public sealed record ApiClientOptions(Uri Address)
{
    /// <summary>Sent as a bearer token; null: none.</summary>
    public string? Token { get; init; }

    /// <summary>Told what broke and when it is tried again, while something is followed; the next call says that it goes on (null).</summary>
    public Action<string?> Lost { get; init; } = static _ => { };

    /// <summary>A stream that is silent for longer is taken for broken; a test makes it short.</summary>
    internal TimeSpan SilenceMax { get; init; } = Limits.StreamSilenceMax;

    /// <summary>Wait before the first further try; it doubles. A test makes it short.</summary>
    internal TimeSpan RetryMin { get; init; } = Limits.ReconnectMin;
}
