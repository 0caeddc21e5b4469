using Actors.Store.WorldOfCode;
using Xunit;

namespace Actors.Store.Tests.WorldOfCode;

public sealed class ShortFormsTests
{
    [Theory]
    [InlineData("gh:torvalds/linux", "https://github.com/torvalds/linux")]
    [InlineData("gl:a/b/c", "https://gitlab.com/a/b/c")]
    [InlineData("bb:a/b", "https://bitbucket.org/a/b")]
    [InlineData("dr:project/views", "https://git.drupalcode.org/project/views")]
    [InlineData("dr:views", "https://git.drupalcode.org/project/views")]
    [InlineData("deb:debian/dpkg", "https://salsa.debian.org/debian/dpkg")]
    [InlineData("gh:/a/b", "https://github.com/a/b")]
    [InlineData("gh:", "https://github.com/")]
    [InlineData("dr:", "https://git.drupalcode.org/")]
    [InlineData("https://a:a@salsa.debian.org/x/y", "https://salsa.debian.org/x/y")]
    [InlineData("HTTPS://a:a@salsa.debian.org/x/y", "HTTPS://salsa.debian.org/x/y")]
    [InlineData("http://user@host/x", "http://host/x")]
    [InlineData("https://a:p@ss@host", "https://host")]
    [InlineData("https://host/x@y/z", "https://host/x@y/z")]
    [InlineData("https://host?x@y", "https://host?x@y")]
    [InlineData("https://github.com/a/b", "https://github.com/a/b")]
    [InlineData("ssh://git@host/x", "ssh://git@host/x")]
    [InlineData("git@github.com:a/b", "git@github.com:a/b")]
    [InlineData("GH:a/b", "GH:a/b")]
    [InlineData("ghx:a/b", "ghx:a/b")]
    [InlineData("/srv/gh:a", "/srv/gh:a")]
    [InlineData("", "")]
    public void A_short_form_stands_for_its_URL_and_anything_else_for_itself(string text, string expected) =>
        Assert.Equal(expected, ShortForms.Expand(text));
}
