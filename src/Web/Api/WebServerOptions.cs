using System.Net;
using Actors.Web.Access;

namespace Actors.Web.Api;

/// <summary>Where and for whom a <see cref="WebServer"/> serves.</summary>
public sealed record WebServerOptions
{
    /// <summary>At least one.</summary>
    public required IReadOnlyList<WebBinding> Bindings { get; init; }

    /// <summary>Who may do what. <see cref="AccessTokens.None"/>: everybody at these addresses.</summary>
    public AccessTokens Tokens { get; init; } = AccessTokens.None;

    /// <summary>Names under which the server is asked, beside addresses and <c>localhost</c>; only without tokens do they matter.</summary>
    public IReadOnlyList<string> HostNames { get; init; } = [];

    /// <summary>Serve without tokens on other addresses than loopback: everybody who reaches them may submit, cancel and read all.</summary>
    public bool OpenToNetwork { get; init; }

    /// <summary>Of the program, for <c>/api/v1</c> and the metrics.</summary>
    public string Version { get; init; } = "";

    /// <summary>Why the process takes no new work (it starts, it drains), or null: what <c>/health/ready</c> says first.</summary>
    public Func<string?> NotReady { get; init; } = static () => null;

    /// <summary>Comments in silent event streams come so often; a test makes it short.</summary>
    internal TimeSpan HeartbeatPeriod { get; init; } = Limits.HeartbeatPeriod;

    /// <exception cref="ArgumentException">With a sentence for whoever starts the server.</exception>
    internal void Check()
    {
        if (Bindings.Count == 0)
        {
            throw new ArgumentException("A server needs an address to listen at.");
        }

        if (Tokens.IsOpen && !OpenToNetwork && Bindings.FirstOrDefault(b => !IPAddress.IsLoopback(b.EndPoint.Address)) is { } open)
        {
            throw new ArgumentException($"Without tokens everybody who reaches {open.EndPoint} could submit and cancel: give tokens, or listen on 127.0.0.1, or say that this network may.");
        }
    }
}
