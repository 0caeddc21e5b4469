using Actors.Git.Lfs;
using Actors.Git.Remotes;

namespace Actors.Client;

/// <summary>The git client as a person's console uses it: any address, any transport, the ssh program that git would use.</summary>
internal static class WireClient
{
    public static GitClient Create(TimeProvider clock) => new(Options(clock));

    public static LfsClient CreateLfs(TimeProvider clock) => new(Options(clock));

    public static GitClientOptions Options(TimeProvider clock) => new()
    {
        Clock = clock,
        Credentials = new HostCredentials(
            new HostCredentialsOptions
            {
                Environment = Environment.GetEnvironmentVariable,
                NetrcPath = Environment.GetEnvironmentVariable("NETRC") ?? Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".netrc"),
                HelperProgram = "git",
            },
            clock),
        // As git reads it: the path of a program. GIT_SSH_COMMAND is a shell's line, and no shell runs here.
        SshProgram = Environment.GetEnvironmentVariable("GIT_SSH") is { Length: > 0 } program ? program : "ssh",
    };
}
