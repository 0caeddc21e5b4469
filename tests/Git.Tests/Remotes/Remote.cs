using System.Diagnostics;
using Actors.Git.Remotes;
using Actors.TestKit;
using Actors.TestKit.Git;
using Actors.TestKit.Servers;
using Actors.Web.Forges;
using Xunit;

namespace Actors.Git.Tests.Remotes;

/// <summary>A folder of repositories served by one of real git's transports, and a client for it.</summary>
public sealed class Remote : IAsyncDisposable
{
    private readonly TemporaryFolder _folder;
    private readonly LocalForge? _forge;
    private readonly GitDaemon? _daemon;
    private readonly string _transport;

    private Remote(TemporaryFolder folder, string transport, LocalForge? forge, GitDaemon? daemon, GitClientOptions options)
    {
        (_folder, _transport, _forge, _daemon) = (folder, transport, forge, daemon);
        Client = new GitClient(options);
    }

    public GitClient Client { get; }

    public string Folder => _folder["served"];

    /// <summary>Starts serving: <c>http</c>, <c>http-v0</c>, <c>git</c>, <c>file</c>, or <c>ssh</c> (a script in the place of ssh).</summary>
    public static async Task<Remote> StartAsync(string transport)
    {
        GitCommand.Require(Assert.Skip);
        TemporaryFolder folder = new();
        folder.Make("served");
        GitClientOptions options = new();
        LocalForge? forge = null;
        GitDaemon? daemon = null;
        switch (transport)
        {
            case "http" or "http-v0":
                forge = await LocalForge.StartAsync(new LocalForgeOptions { Folder = folder["served"], Behaviour = new() { Version2 = transport == "http" } });
                break;
            case "git":
                daemon = GitDaemon.Start(folder["served"]);
                break;
            case "ssh":
                // As sshd would: the last argument is a command line for a shell; the options are ssh's.
                options = options with { SshProgram = folder.WriteProgram("ssh", "#!/bin/sh\nfor last; do :; done\nexec sh -c \"$last\"\n") };
                break;
        }

        return new Remote(folder, transport, forge, daemon, options);
    }

    public GitFixture Add(string name, string objectFormat = "sha1") => new(_folder["served", name], objectFormat);

    public RepositoryUrl UrlOf(string name) => RepositoryUrl.Parse(_transport switch
    {
        "http" or "http-v0" => _forge!.UrlOf(name),
        "git" => _daemon!.UrlOf(name),
        "ssh" => $"ssh://someone@forge.example:2222{_folder["served", name]}",
        _ => _folder["served", name],
    });

    public async ValueTask DisposeAsync()
    {
        await Client.DisposeAsync();
        _daemon?.Dispose();
        await (_forge?.DisposeAsync() ?? ValueTask.CompletedTask);
        _folder.Dispose();
    }
}
