using Actors.Loaders.Objects;
using Xunit;

namespace Actors.Loaders.Tests.Objects;

public sealed class ReleaseDateTests
{
    [Theory]
    [InlineData("2018-09-17T16:18:21", "1537201101 +0000")]
    [InlineData("2018-09-17 16:18:21", "1537201101 +0000")]
    [InlineData("2018-09-17T16:18:21Z", "1537201101 +0000")]
    [InlineData("20180917T161821Z", "1537201101 +0000")]
    [InlineData("2018-09-17T16:18:21.250Z", "1537201101.25 +0000")]
    [InlineData("2018-09-17T16:18:21,1234569Z", "1537201101.123456 +0000")]
    [InlineData("2018-09-17T18:18:21+02:00", "1537201101 +0200")]
    [InlineData("2018-09-17T18:18:21+0200", "1537201101 +0200")]
    [InlineData("2018-09-17T18:18:21+02", "1537201101 +0200")]
    [InlineData("2018-09-17T10:48:21-05:30", "1537201101 -0530")]
    [InlineData("2018-09-18T13:18:21+21:00", "1537201101 +2100")]
    [InlineData("2018-09-17T16:18:21-00:00", "1537201101 -0000")]
    [InlineData("2018-09-17T16:18", "1537201080 +0000")]
    [InlineData("2018-09-17", "1537142400 +0000")]
    [InlineData("2018-09", "1535760000 +0000")]
    [InlineData("1969-12-31T23:59:59", "-1 +0000")]
    public void An_ISO_time_keeps_its_zone_and_its_microseconds(string text, string written) => Assert.Equal(written, ReleaseDate.ParseIso(text).ToString());

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("yesterday")]
    [InlineData("10/11/2012")]
    [InlineData("201809")]
    [InlineData("2018-13-01")]
    [InlineData("2018-02-30")]
    [InlineData("0000-01-01")]
    [InlineData("2018-09-17T24:00:00")]
    [InlineData("2018-09-17T16:18:61")]
    [InlineData("2018-09-17T16:18:21+24:00")]
    [InlineData("2018-09-17T16:18:21 UTC")]
    [InlineData("2018-09-17T16:18:21\n")]
    public void Anything_else_is_no_time(string? text) => Assert.Null(ReleaseDate.ParseIso(text));
}
