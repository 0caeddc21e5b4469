using Actors.TestKit;
using Actors.TestKit.Git;
using Xunit;

namespace Actors.Client.Tests.Commands;

public sealed class PlumbingTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public PlumbingTests() => GitCommand.Require(Assert.Skip);

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Ls_refs_prints_what_git_ls_remote_symref_prints()
    {
        GitFixture source = new GitFixture(_folder["source.git"]).AddHistory(5).AddTag("v1");
        CommandRun run = await CommandRun.OfAsync("", "ls-refs", source.Folder);

        Assert.Equal(source.Git.Run("ls-remote", "--symref", source.Folder), run.Text.TrimEnd('\n'));
    }

    [Fact]
    public async Task Ls_refs_of_a_path_without_repository_is_an_error_with_its_name()
    {
        CommandRun run = await CommandRun.OfAsync("", "ls-refs", _folder["nowhere"]);

        Assert.Equal(1, run.Code);
        Assert.Contains("nowhere", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Index_pack_writes_the_index_that_git_writes()
    {
        GitFixture source = new GitFixture(_folder["source.git"]).AddHistory(50).Repack();
        string pack = Directory.GetFiles(Path.Combine(source.Folder, "objects", "pack"), "*.pack").Single();
        CommandRun run = await CommandRun.OfAsync("", "index-pack", pack, "-o", _folder["ours.idx"]);

        Assert.Equal(0, run.Code);
        Assert.Equal(await File.ReadAllBytesAsync(Path.ChangeExtension(pack, ".idx")), await File.ReadAllBytesAsync(_folder["ours.idx"]));
    }

    [Fact]
    public async Task Index_pack_of_rubbish_is_an_error_with_its_name_and_leaves_no_file()
    {
        string rubbish = _folder["rubbish.pack"];
        await File.WriteAllTextAsync(rubbish, "this is not a pack at all, whatever its name says");
        CommandRun run = await CommandRun.OfAsync("", "index-pack", rubbish, "-o", _folder["ours.idx"]);

        Assert.Equal(1, run.Code);
        Assert.Contains("rubbish.pack", run.Error, StringComparison.Ordinal);
        Assert.False(File.Exists(_folder["ours.idx"]));
        Assert.True(File.Exists(rubbish));
    }
}
