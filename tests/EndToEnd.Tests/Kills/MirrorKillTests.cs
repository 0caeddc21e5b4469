using System.Globalization;
using Actors.TestKit;
using Actors.TestKit.Git;
using Actors.TestKit.Servers;
using Xunit;

namespace Actors.EndToEnd.Tests.Kills;

/// <summary>
/// kill -9 at random points of <c>actors mirror</c>: after each, stock git clones the mirror as it was or as it is to be, and the
/// next run converges. <c>KILL_ROUNDS</c> and <c>KILL_SEED</c> choose.
/// </summary>
public sealed class MirrorKillTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private int _clones;

    public MirrorKillTests() => GitCommand.Require(Assert.Skip);

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_killed_mirror_is_the_old_one_or_the_new_one_and_the_next_run_converges()
    {
        await using Upstreams upstreams = await Upstreams.StartAsync(_folder);
        await using StaticFileServer web = await StaticFileServer.StartAsync(_folder.Make("files", "web"));
        string url = upstreams.Urls[0];
        GitCommand source = new(Path.Combine(upstreams.Forge.Folder, new Uri(url).AbsolutePath.Trim('/')));
        string[] mirror = ["mirror", url, _folder["files", "web", "a"], "--store", _folder["files", "store"], "--quiet", "--grace", "1s", "--claim-time", "5s"];
        KillMoments moments = new(new Random(Number("KILL_SEED") ?? 11));
        await ConvergeAsync(mirror, source, web);
        int killed = 0;
        for (int round = 1; round <= (Number("KILL_ROUNDS") ?? 6); round++)
        {
            string before = Shown(source, web.UrlOf("a"));
            upstreams.Change();
            (KillTrigger trigger, int number) = moments.Next(requests: false);
            KillReport report = await DoomedRun.RunAsync(_folder["files"], upstreams.Forge, trigger, number, mirror);
            TestContext.Current.TestOutputHelper?.WriteLine($"round {round}: {trigger} {number}: killed {report.Killed} at {report.Counted}, {report.Last}");
            Assert.True(report.Killed || report.ExitCode == 0, report.Errors);
            moments.Learn(trigger, report);
            killed += report.Killed ? 1 : 0;

            Assert.Contains(Shown(source, web.UrlOf("a")), (string[])[before, Shown(source, source.Folder)]);
            Clone(web).Run("fsck", "--full", "--connectivity-only");
            await ConvergeAsync(mirror, source, web);
        }

        Assert.True(killed > 0, "No run was killed: the moments all came too late.");
    }

    private async Task ConvergeAsync(string[] mirror, GitCommand source, StaticFileServer web)
    {
        (int exitCode, string output, string errors) = await ActorsProcess.RunAsync(mirror);
        Assert.True(exitCode == 0, output + errors);
        Assert.Equal(Shown(source, source.Folder), Shown(source, web.UrlOf("a")));
        Clone(web).Run("fsck", "--full", "--connectivity-only");
    }

    /// <summary>Branches and tags as a client is told them.</summary>
    private static string Shown(GitCommand git, string url) =>
        string.Join('\n', git.Lines("ls-remote", url).Where(line => line.Contains("\trefs/heads/", StringComparison.Ordinal) || line.Contains("\trefs/tags/", StringComparison.Ordinal)));

    private GitCommand Clone(StaticFileServer web)
    {
        string folder = _folder[$"clone{++_clones}"];
        new GitCommand(_folder.FullPath).Run("clone", "-q", "--mirror", web.UrlOf("a"), folder);
        return new GitCommand(folder);
    }

    private static int? Number(string variable) =>
        int.TryParse(Environment.GetEnvironmentVariable(variable), CultureInfo.InvariantCulture, out int number) ? number : null;
}
