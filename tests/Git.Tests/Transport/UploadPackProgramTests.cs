using System.Diagnostics;
using Actors.Git.Refs;
using Actors.Git.Remotes;
using Actors.Git.Transport;
using Actors.TestKit;
using Actors.TestKit.Clocks;
using Xunit;

namespace Actors.Git.Tests.Transport;

public sealed class UploadPackProgramTests
{
    [Fact]
    public void Ssh_is_given_arguments_not_a_line()
    {
        ProcessStartInfo start = UploadPackProgram.Ssh(RepositoryUrl.Parse("ssh://me@forge.example:2222/it's%20a%20$(trap)!.git"), new GitClientOptions());
        Assert.Equal("ssh", start.FileName);
        Assert.Equal(
            ["-o", "BatchMode=yes", "-o", "SendEnv=GIT_PROTOCOL", "-o", "ConnectTimeout=20", "-p", "2222", "--", "me@forge.example", @"git-upload-pack '/it'\''s a $(trap)'\!'.git'"],
            start.ArgumentList);
        Assert.Equal("version=2", start.Environment["GIT_PROTOCOL"]);
        Assert.Equal("0", start.Environment["GIT_TERMINAL_PROMPT"]);
    }

    [Theory]
    [InlineData("git@forge.example:a/b.git", "git@forge.example", "git-upload-pack '~/a/b.git'")]
    [InlineData("forge.example:~me/b", "forge.example", "git-upload-pack '~me/b'")]
    [InlineData("[::1]:/b", "::1", "git-upload-pack '/b'")]
    public void Home_folders_are_said_as_git_says_them(string url, string host, string command)
    {
        ProcessStartInfo start = UploadPackProgram.Ssh(RepositoryUrl.Parse(url), new GitClientOptions());
        Assert.Equal(["--", host, command], start.ArgumentList.TakeLast(3));
    }

    [Fact]
    public void Path_is_never_an_option_and_no_outer_repository_leaks_in()
    {
        ProcessStartInfo start = UploadPackProgram.Local(RepositoryUrl.Parse("/srv/-x %.git"), new GitClientOptions());
        Assert.Equal(["upload-pack", "--", "/srv/-x %.git"], start.ArgumentList);
        Assert.False(start.Environment.ContainsKey("GIT_DIR"));
        Assert.False(start.UseShellExecute);
    }

    [Theory]
    [InlineData("echo 'git@forge.example: Permission denied (publickey).' >&2; exit 255", RemoteFailureKind.Forbidden)]
    [InlineData("echo 'ssh: Could not resolve hostname forge.example' >&2; exit 255", RemoteFailureKind.Unreachable)]
    [InlineData("echo 'ERROR: Repository not found.' >&2; exit 1", RemoteFailureKind.NotFound)]
    [InlineData("exit 0", RemoteFailureKind.CutOff)]
    [InlineData("echo 'Welcome to forge.example'", RemoteFailureKind.Malformed)]
    [InlineData("head -c 1000000 /dev/zero | tr '\\0' 'x' >&2; echo ' fatal: no such repository' >&2", RemoteFailureKind.NotFound)]
    public async Task Error_channel_of_ssh_tells_the_reason(string script, RemoteFailureKind kind)
    {
        using TemporaryFolder folder = new();
        string program = folder.WriteProgram("ssh", "#!/bin/sh\n" + script + "\n");
        await using GitClient client = new(new GitClientOptions { SshProgram = program });
        ProbeReply reply = await client.ProbeAsync(RepositoryUrl.Parse("git@forge.example:a.git"), RefSelection.Default, default);
        Assert.Equal(kind, reply.Failure?.Kind);
        Assert.InRange(reply.Failure!.Message.Length, 1, Limits.RemoteMessageCharsMax);
    }

    [Fact]
    public async Task Missing_program_is_unsupported()
    {
        await using GitClient client = new(new GitClientOptions { SshProgram = "/nowhere/ssh" });
        ProbeReply reply = await client.ProbeAsync(RepositoryUrl.Parse("git@forge.example:a.git"), RefSelection.Default, default);
        Assert.Equal(RemoteFailureKind.Unsupported, reply.Failure?.Kind);
        Assert.Contains("/nowhere/ssh", reply.Failure?.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Local_paths_may_be_forbidden()
    {
        await using GitClient client = new(new GitClientOptions { AllowLocal = false });
        ProbeReply reply = await client.ProbeAsync(RepositoryUrl.Parse("/etc"), RefSelection.Default, default);
        Assert.Equal(RemoteFailureKind.Forbidden, reply.Failure?.Kind);
    }

    [Fact]
    public async Task Program_that_hangs_is_ended_when_time_is_up()
    {
        using TemporaryFolder folder = new();
        string program = folder.WriteProgram("ssh", "#!/bin/sh\nexec sleep 600\n");
        ManualTimeProvider clock = new();
        await using GitClient client = new(new GitClientOptions { SshProgram = program, Clock = clock, ReadIdleTimeMax = TimeSpan.FromMinutes(1) });
        Task<ProbeReply> probe = client.ProbeAsync(RepositoryUrl.Parse("git@forge.example:a.git"), RefSelection.Default, default).AsTask();
        await clock.WhenTimersAsync(1);
        clock.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal(RemoteFailureKind.TimedOut, (await probe).Failure?.Kind);
    }
}
