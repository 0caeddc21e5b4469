using Actors.Git.Lfs;
using Actors.Git.Remotes;

namespace Actors.Client;

/// <summary>The git client as a person's console uses it: any address, any transport, the ssh program that git would use; and as a server does.</summary>
internal static class WireClient
{
    public static GitClient Create(TimeProvider clock) => new(Options(clock));

    /// <summary>For strangers' lists.</summary>
    /// <param name="clock">The clock of deadlines.</param>
    /// <param name="allowPrivate">Whether addresses of this machine and its network may be reached.</param>
    public static GitClientOptions ServerOptions(TimeProvider clock, bool allowPrivate) => Options(clock, helperProgram: null) with { AllowPrivate = allowPrivate };

    public static LfsClient CreateLfs(TimeProvider clock) => new(Options(clock));

    public static GitClientOptions Options(TimeProvider clock) => Options(clock, "git");

    private static GitClientOptions Options(TimeProvider clock, string? helperProgram) => new()
    {
        Clock = clock,
        Credentials = new HostCredentials(
            new HostCredentialsOptions
            {
                Environment = Environment.GetEnvironmentVariable,
                NetrcPath = Environment.GetEnvironmentVariable("NETRC") ?? Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".netrc"),
                HelperProgram = helperProgram,
            },
            clock),
        // As git reads it: the path of a program. GIT_SSH_COMMAND is a shell's line, and no shell runs here.
        SshProgram = Environment.GetEnvironmentVariable("GIT_SSH") is { Length: > 0 } program ? program : "ssh",
    };
}
