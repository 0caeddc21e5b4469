namespace Actors.Git.Lfs;

/// <summary>Where an object is to be had, and what to say there.</summary>
/// <param name="Address">An http or https address without user information.</param>
/// <param name="Headers">To be sent there and nowhere else. May hold credentials: never printed.</param>
/// <param name="ExpiresAt">From then on the server has to be asked again.</param>
public sealed record LfsAction(Uri Address, IReadOnlyList<KeyValuePair<string, string>> Headers, DateTimeOffset? ExpiresAt)
{
    /// <summary>The host alone: path and query of such addresses are often signed.</summary>
    public override string ToString() => Address.Host;
}
