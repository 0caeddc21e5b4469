using System.Text;
using Actors.Loaders.Debian;
using Actors.Loaders.Objects;
using Xunit;

namespace Actors.Loaders.Tests.Debian;

public sealed class ChangelogTests
{
    [Theory]
    [InlineData("Sun, 19 Oct 2014 16:52:35 +0200", "1413730355 +0200")]
    [InlineData("Sun,  9 Oct 2014 06:52:35 -0330", "1412850155 -0330")]
    [InlineData("19 Oct 2014 16:52:35 +0530 (IST)", "1413717755 +0530")]
    [InlineData("Sun, 19 Oct 2014 16:52:35 -0000", "1413737555 +0000")]
    public void The_first_entry_says_who_and_when_in_its_own_zone(string date, string written)
    {
        Changelog changelog = Changelog.Parse(Encoding.UTF8.GetBytes($"p (2) x; urgency=low\n\n  * A.\n\n -- Ann <B> <ann@example.org>  {date}\n\np (1) x; urgency=low\n\n -- Bob <b@c>  Mon, 1 Jan 2001 00:00:00 +0000\n"));
        Assert.Equal(("Ann <B> <ann@example.org>", written), (changelog.Author, changelog.Date.ToString()));
    }

    [Fact]
    public void Older_ones_are_read_as_they_were_written()
    {
        byte[] text = [.. "p (2) x; urgency=low\n\n -- J"u8, 0xe9, 0x20, 0xa6, 0xbe, .. " <j@example.org>  Sun, 19 Oct 2014 16:52:35 +0200\n"u8];
        Assert.Equal("Jé ŠŸ <j@example.org>", Changelog.Parse(text).Author);
    }

    [Theory]
    [InlineData("")]
    [InlineData(" -- Ann <ann@example.org>  Sun, 31 Feb 2014 16:52:35 +0200\n")]
    [InlineData(" -- Ann <ann@example.org>  Sun, 1 Xyz 2014 16:52:35 +0200\n")]
    [InlineData(" -- Ann  Sun, 1 Feb 2014 16:52:35 +0200\n")]
    public void Without_an_entry_the_release_fails(string text) => Assert.Throws<ArchiveException>(() => Changelog.Parse(Encoding.UTF8.GetBytes(text)));
}
