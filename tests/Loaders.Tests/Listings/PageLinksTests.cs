using Actors.Loaders.Listings.Pages;
using Xunit;

namespace Actors.Loaders.Tests.Listings;

public sealed class PageLinksTests
{
    [Theory]
    [InlineData(null, null)]
    [InlineData("", null)]
    [InlineData("<https://a.example/2>; rel=\"next\"", "https://a.example/2")]
    [InlineData("<https://a.example/1>; rel=\"first\", <https://a.example/2?x=1,2>; rel=\"next\", <https://a.example/9>; rel=last", "https://a.example/2?x=1,2")]
    [InlineData("<https://a.example/2>; title=\"a, <b>; rel=\\\"\"; rel=next", "https://a.example/2")]
    [InlineData("<https://a.example/2>;REL=\"prev next\"", "https://a.example/2")]
    [InlineData("<https://a.example/2>; rel=\"prev\"", null)]
    [InlineData("<https://a.example/2>; relative=\"next\"", null)]
    [InlineData("<https://a.example/2", null)]
    [InlineData("rel=\"next\"", null)]
    [InlineData("<>; rel=\"next\"", "")]
    public void The_next_page_is_the_link_of_that_relation(string? header, string? next) => Assert.Equal(next, PageLinks.Next(header));
}
