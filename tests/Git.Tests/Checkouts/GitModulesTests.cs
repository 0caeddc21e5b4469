using System.Text;
using Actors.Git.Checkouts;
using Xunit;

namespace Actors.Git.Tests.Checkouts;

public sealed class GitModulesTests
{
    [Fact]
    public void Submodules_come_in_order_with_the_last_of_what_is_said_twice()
    {
        IReadOnlyList<SubmoduleEntry> entries = Read("[submodule \"lib/one.x\"]\n\tpath = lib/one\n\turl = ../one\n[submodule \"two\"]\n\tbranch = main\n[submodule \"lib/one.x\"]\n\turl = ../other\n\tupdate = none\n[core]\n\tpath = x\n");

        Assert.Equal([new SubmoduleEntry("lib/one.x", "lib/one", "../other", "none"), new SubmoduleEntry("two", null, null, null)], entries);
        Assert.All(entries, entry => Assert.Null(entry.Refuse()));
    }

    [Theory]
    [InlineData("..", "p", "u", null, "has a name that leads elsewhere")]
    [InlineData("../x", "p", "u", null, "has a name that leads elsewhere")]
    [InlineData("a/../../x", "p", "u", null, "has a name that leads elsewhere")]
    [InlineData("a\\\\..\\\\..\\\\x", "p", "u", null, "has a name that leads elsewhere")]
    [InlineData("/etc/x", "p", "u", null, "has a name that leads elsewhere")]
    [InlineData("", "p", "u", null, "has a name that leads elsewhere")]
    [InlineData("a", "-p", "u", null, "has a path that would be an option, or has a control character")]
    [InlineData("a", "\"p\\n\"", "u", null, "has a path that would be an option, or has a control character")]
    [InlineData("a", "p", "-u", null, "has a URL that would be an option")]
    [InlineData("a", "p", "u", "!touch /tmp/owned", "has a way of being updated that git does not take from .gitmodules")]
    public void Names_paths_and_commands_of_an_attacker_are_refused(string name, string path, string url, string? update, string why)
    {
        SubmoduleEntry entry = Assert.Single(Read($"[submodule \"{name}\"]\n\tpath = {path}\n\turl = {url}\n{(update is null ? "" : $"\tupdate = {update}\n")}"));

        Assert.Equal(why, entry.Refuse());
    }

    private static IReadOnlyList<SubmoduleEntry> Read(string text) => GitModules.Read(Encoding.UTF8.GetBytes(text));
}
