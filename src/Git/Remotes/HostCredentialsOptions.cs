namespace Actors.Git.Remotes;

/// <summary>Where <see cref="HostCredentials"/> looks.</summary>
public sealed record HostCredentialsOptions
{
    /// <summary>
    /// Reads a variable of the environment, or null. Asked for <c>ACTORS_TOKEN_</c> and the host's name in capitals with <c>_</c> for
    /// all but letters and digits (<c>ACTORS_TOKEN_GITHUB_COM</c>): tokens or <c>user:password</c>, several by comma; and for
    /// <c>GITHUB_TOKEN</c> and <c>GITLAB_TOKEN</c> for those two hosts.
    /// </summary>
    public Func<string, string?>? Environment { get; init; }

    /// <summary>A netrc file; one that is not there is none. Its <c>default</c> entry is not used: it would go to every host.</summary>
    public string? NetrcPath { get; init; }

    /// <summary>The git program whose credential helpers are asked, once a host, when it demands credentials; null: none are.</summary>
    public string? HelperProgram { get; init; }

    /// <summary>A helper that takes longer is left alone.</summary>
    public TimeSpan HelperTimeMax { get; init; } = TimeSpan.FromSeconds(10);
}
