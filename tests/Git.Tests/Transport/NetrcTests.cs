using Actors.Git.Remotes;
using Actors.Git.Transport;
using Xunit;

namespace Actors.Git.Tests.Transport;

public sealed class NetrcTests
{
    [Fact]
    public void Entries_are_found_by_host_and_the_first_counts()
    {
        IReadOnlyDictionary<string, HostCredential> found = Netrc.Parse("""
            # comment
            machine Forge.example login me password secret
            machine other.example
                login you
                password word
            machine forge.example login late password late
            default login anonymous password all
            macdef init
            machine in.macro login x password y
            """);
        Assert.Equal(["forge.example", "in.macro", "other.example"], found.Keys.Order());
        Assert.Equal("Basic bWU6c2VjcmV0", found["forge.example"].Header);
        Assert.Equal("Basic eW91OndvcmQ=", found["other.example"].Header);
    }

    [Theory]
    [InlineData("")]
    [InlineData("machine")]
    [InlineData("machine a.example login b")]
    [InlineData("default login a password b")]
    [InlineData("password x")]
    public void What_is_no_entry_is_none(string text) => Assert.Empty(Netrc.Parse(text));

    [Fact]
    public void File_that_is_not_there_is_empty() => Assert.Empty(Netrc.Read("/nowhere/netrc"));
}
