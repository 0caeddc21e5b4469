using Actors.Web.Lfs;
using Xunit;

namespace Actors.Web.Tests.Lfs;

public sealed class MirrorPathTests
{
    private const string Oid = "4d7a214614ab2935c943f9e0ff69d22eadbb8f32b1258daaa5e2ca24d17e2393";

    [Theory]
    [InlineData("/HEAD", "", "HEAD")]
    [InlineData("/a/b.git/HEAD", "a/b.git", "HEAD")]
    [InlineData("/a/info/refs", "a", "info/refs")]
    [InlineData("/a/objects/info/packs", "a", "objects/info/packs")]
    [InlineData("/a/objects/pack/pack-12.idx", "a", "objects/pack/pack-12.idx")]
    [InlineData("/objects/pack/pack-12.pack", "", "objects/pack/pack-12.pack")]
    [InlineData("/a.git/info/lfs/objects/batch", "a.git", "info/lfs/objects/batch")]
    [InlineData("/info/lfs/objects/batch", "", "info/lfs/objects/batch")]
    [InlineData("/a/lfs/objects/4d/7a/" + Oid, "a", "lfs/objects/4d/7a/" + Oid)]
    [InlineData("/a/mirror.bundle", "a", "mirror.bundle")]
    [InlineData("/objects/pack/x/objects/pack/pack-1.idx", "objects/pack/x", "objects/pack/pack-1.idx")]
    public void Files_of_mirrors_are_served(string path, string mirror, string file)
    {
        Assert.True(MirrorPath.TryParse(path, out MirrorPath named));
        Assert.Equal(new MirrorPath(mirror, file), named);
    }

    [Theory]
    [InlineData("")]
    [InlineData("/")]
    [InlineData("/a")]
    [InlineData("/a/config")]
    [InlineData("/a/actors-mirror.json")]
    [InlineData("/a/actors/claims/1.json")]
    [InlineData("/packs/secret.pack")]
    [InlineData("/a/objects/pack/secret.key")]
    [InlineData("/a/objects/pack/pack-1.key")]
    [InlineData("/a/objects/4d/7a")]
    [InlineData("/a/lfs/objects/4d/7b/" + Oid)]
    [InlineData("/a/lfs/objects/4d7/a/" + Oid)]
    [InlineData("/a/lfs/objects/4d/7a/x")]
    [InlineData("/../HEAD")]
    [InlineData("/a/../../HEAD")]
    [InlineData("/a//HEAD")]
    [InlineData("/XHEAD")]
    public void Nothing_else_is(string path) => Assert.False(MirrorPath.TryParse(path, out _));
}
