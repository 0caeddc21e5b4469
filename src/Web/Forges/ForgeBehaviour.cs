namespace Actors.Web.Forges;

/// <summary>How a <see cref="LocalForge"/> answers: what its git may do, and what is done to its answers.</summary>
public sealed record ForgeBehaviour
{
    /// <summary>Pass the client's <c>Git-Protocol</c> to git; false makes a server that knows only protocol v0.</summary>
    public bool Version2 { get; init; } = true;

    /// <summary><c>uploadpack.allowFilter</c>: partial clones. On with most forges.</summary>
    public bool AllowFilter { get; init; } = true;

    /// <summary><c>uploadpack.allowAnySHA1InWant</c>: in v0 and v1, want what is not advertised. git's v2 allows it always.</summary>
    public bool AllowAnyWant { get; init; }

    /// <summary>Further configuration of git, as <c>name=value</c>.</summary>
    public IReadOnlyList<string> Configuration { get; init; } = [];

    /// <summary>Waited before each answer.</summary>
    public TimeSpan Latency { get; init; }

    /// <summary>
    /// Asked before git, with the whole request; what it returns is sent, null lets git answer. Called by several requests at once.
    /// </summary>
    public Func<ForgeRequest, CannedAnswer?>? Answer { get; init; }

    /// <summary>
    /// Answers whose body is longer than this end there, the connection with them (HTTP/2: the stream is reset); null: none does.
    /// </summary>
    public long? CutAfterBytes { get; init; }
}
