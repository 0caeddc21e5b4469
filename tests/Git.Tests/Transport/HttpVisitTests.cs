using System.Net;
using Actors.Git.Remotes;
using Actors.Git.Transport;
using Xunit;

namespace Actors.Git.Tests.Transport;

public sealed class HttpVisitTests
{
    [Theory]
    [InlineData("http://forge.example/a", "https://forge.example/a/git-upload-pack", "https://forge.example/a")]
    [InlineData("https://forge.example/a", "https://other.example/b.git/git-upload-pack", "https://other.example/b.git")]
    [InlineData("https://forge.example/a", "//other.example/b/git-upload-pack", "https://other.example/b")]
    [InlineData("https://forge.example/x/a", "/b/git-upload-pack", "https://forge.example/b")]
    [InlineData("https://forge.example/x/a", "https://me:secret@forge.example/b/git-upload-pack", "https://forge.example/b")]
    [InlineData("https://forge.example/a", "http://forge.example/a/git-upload-pack", null)]
    [InlineData("https://forge.example/a", "ssh://forge.example/a/git-upload-pack", null)]
    [InlineData("https://forge.example/a", "/login?to=/a/git-upload-pack-not", null)]
    public void Location_is_a_repository_of_the_same_or_a_safer_scheme(string from, string location, string? to)
    {
        HttpVisit visit = new(RepositoryUrl.Parse(from), 5);
        RemoteFailure? failure = visit.Follow(HttpStatusCode.MovedPermanently, new Uri(from + "/git-upload-pack"), new Uri(location, UriKind.RelativeOrAbsolute), "/git-upload-pack");
        Assert.Equal(to is null ? RemoteFailureKind.BadRedirect : null, failure?.Kind);
        Assert.Equal(to, visit.MovedTo?.ToString());
        Assert.Equal(to ?? from, visit.Url.ToString());
    }
}
