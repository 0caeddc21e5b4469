using Actors.Loaders.Packages;
using Xunit;

namespace Actors.Loaders.Tests.Packages;

public sealed class LooseVersionsTests
{
    [Theory]
    [InlineData("1.9", "1.10")]
    [InlineData("1.0", "1.0.0")]
    [InlineData("1.0", "1.0a")]
    [InlineData("1.0.1", "1.0.a")]
    [InlineData("1.0.1", "1.0-rc1")]
    [InlineData("1.0a1", "1.0b1")]
    [InlineData("", "0")]
    public void The_first_is_lower(string lower, string higher)
    {
        Assert.Equal(-1, Math.Sign(LooseVersions.Instance.Compare(lower, higher)));
        Assert.Equal(1, Math.Sign(LooseVersions.Instance.Compare(higher, lower)));
    }

    [Theory]
    [InlineData("1.0", "1.00")]
    [InlineData("1..0", "1.0.")]
    public void These_are_equal(string one, string other) => Assert.Equal(0, LooseVersions.Instance.Compare(one, other));
}
