namespace Actors.Web.Forges;

/// <summary>
/// A <see cref="LocalForge"/> that misbehaves by script and seed, and whose repositories may be renamed, hidden and taken over while it serves. What it
/// does wrong is counted by <see cref="Script"/>; what is asked of it by <see cref="Forge"/>.
/// </summary>
public sealed class HostileForge : IAsyncDisposable
{
    private HostileForge(LocalForge forge, ForgeScript script, ForgeAccent accent, TimeProvider time)
    {
        (Forge, Script) = (forge, script);
        forge.Behaviour = forge.Behaviour with { Answer = request => script.Answer(accent, request, time.GetUtcNow()) };
    }

    public LocalForge Forge { get; }

    public ForgeScript Script { get; }

    /// <summary>Requests that it refused as too many, by bans too.</summary>
    public long Refused => Script.Limiter?.Refused ?? 0;

    /// <summary>Bans that it began.</summary>
    public long Bans => Script.Limiter?.Bans ?? 0;

    /// <summary>Begins to serve, and to misbehave.</summary>
    /// <param name="options">What is served, and where.</param>
    /// <param name="script">How it misbehaves.</param>
    /// <param name="seed">What befalls whom.</param>
    /// <param name="cancellationToken">Ends the beginning.</param>
    public static async Task<HostileForge> StartAsync(LocalForgeOptions options, ForgeScriptOptions script, int seed, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(script);
        LocalForge forge = await LocalForge.StartAsync(options, cancellationToken).ConfigureAwait(false);
        return new HostileForge(forge, new ForgeScript(script, seed), script.Accent, options.Time);
    }

    /// <summary>Moves a repository; its old name redirects to the new one for good, until it is taken over.</summary>
    /// <param name="from">Its path, with <c>.git</c>.</param>
    /// <param name="to">Its new path, with <c>.git</c>; its folder must not be there.</param>
    public void Rename(string from, string to)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(Path.Combine(Forge.Folder, to))!);
        Directory.Move(Path.Combine(Forge.Folder, from), Path.Combine(Forge.Folder, to));
        Forge.SetBehaviour(from, new ForgeBehaviour { Answer = request => CannedAnswer.Of(301, "", ("Location", $"/{to}/{request.Endpoint}{request.Query}")) });
    }

    /// <summary>The old name of a repository that moved is somebody else's from now on: what lies at its path is served.</summary>
    public void TakeOver(string repository) => Forge.SetBehaviour(repository, null);

    /// <summary>Asks for credentials that nobody has; or no longer.</summary>
    public void SetPrivate(string repository, bool isPrivate) =>
        Forge.SetBehaviour(repository, isPrivate ? new ForgeBehaviour { Answer = _ => CannedAnswer.Of(401, "credentials, please", ("WWW-Authenticate", "Basic")) } : null);

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => Forge.DisposeAsync();
}
