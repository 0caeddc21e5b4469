using System.Text;
using Actors.Git.Lfs;
using Xunit;

namespace Actors.Git.Tests.Lfs;

public sealed class LfsBatchCodecTests
{
    private static readonly Uri Server = new("https://forge.example/a.git/info/lfs");
    private static readonly DateTimeOffset Now = new(2026, 1, 2, 3, 4, 5, TimeSpan.Zero);
    private static readonly LfsObject One = new(LfsOid.Of("1"u8), 123);
    private static readonly LfsObject Two = new(LfsOid.Of("2"u8), 321);

    [Fact]
    public void A_request_is_the_documents_own()
    {
        byte[] bytes = LfsBatchCodec.EncodeRequest(new LfsBatchRequest("download", ["basic"], [One]));
        Assert.Equal($$"""{"operation":"download","transfers":["basic"],"objects":[{"oid":"{{One.Oid}}","size":123}],"hash_algo":"sha256"}""", Encoding.UTF8.GetString(bytes));
        LfsBatchRequest read = LfsBatchCodec.DecodeRequest(bytes);
        Assert.Equal("download", read.Operation);
        Assert.Equal(["basic"], read.Transfers);
        Assert.Equal([One], read.Objects);
    }

    [Fact]
    public void The_documents_reply_is_understood()
    {
        // docs/api/batch.md, "Successful Responses" and "Response Errors".
        string reply = $$$$"""
            {"transfer":"basic","objects":[
              {"oid":"{{{{One.Oid}}}}","size":123,"authenticated":true,"actions":{"download":{"href":"https://some-download.com","header":{"Key":"value"},"expires_at":"2026-11-10T15:29:07Z"}}},
              {"oid":"{{{{Two.Oid}}}}","size":321,"error":{"code":404,"message":"Object does not exist"}}],"hash_algo":"sha256"}
            """;
        IReadOnlyList<LfsBatchObject> objects = LfsBatchCodec.DecodeReply(Encoding.UTF8.GetBytes(reply), Server, [One, Two], Now);
        Assert.Equal([One, Two], objects.Select(answer => answer.Object));
        Assert.Equal("https://some-download.com/", objects[0].Download!.Address.AbsoluteUri);
        Assert.Equal([new("Key", "value")], objects[0].Download!.Headers);
        Assert.Equal(new DateTimeOffset(2026, 11, 10, 15, 29, 7, TimeSpan.Zero), objects[0].Download!.ExpiresAt);
        Assert.Equal(new LfsObjectError(404, "Object does not exist"), objects[1].Error);
        Assert.DoesNotContain("value", objects[0].ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"href":"https://a.example/x","expires_in":60}""", "https://a.example/x", 60)]
    [InlineData("""{"href":"https://a.example/x","expires_in":60,"expires_at":"2030-01-01T00:00:00Z"}""", "https://a.example/x", 60)]
    [InlineData("""{"href":"https://a.example/x","expires_at":"0001-01-01T00:00:00Z"}""", "https://a.example/x", null)]
    [InlineData("""{"href":"/objects/x","header":null,"unknown":[1]}""", "https://forge.example/objects/x", null)]
    [InlineData("""{"href":"https://a.example/x","header":{"Host":"evil","Content-Length":"5","Range":"bytes=1-"}}""", "https://a.example/x", null)]
    public void Downloads_are_taken_as_far_as_they_may_be(string download, string address, int? seconds)
    {
        LfsAction action = LfsBatchCodec.DecodeReply(Reply($$"""{"download":{{download}}}"""), Server, [One], Now).Single().Download!;
        Assert.Equal(address, action.Address.AbsoluteUri);
        Assert.Equal(seconds is { } count ? Now.AddSeconds(count) : null, action.ExpiresAt);
        Assert.Empty(action.Headers);
    }

    [Theory]
    [InlineData("""{"download":{"href":"http://a.example/x"}}""")]
    [InlineData("""{"download":{"href":"ftp://a.example/x"}}""")]
    [InlineData("""{"download":{"href":"file:///etc/passwd"}}""")]
    [InlineData("""{"download":{"href":"https://me:pw@a.example/x"}}""")]
    [InlineData("""{"download":{}}""")]
    [InlineData("""{"download":{"href":5}}""")]
    [InlineData("""{"download":{"href":"https://a.example/x","header":{"A b":"c"}}}""")]
    [InlineData("""{"download":{"href":"https://a.example/x","header":{"A":"c\r\nHost: evil"}}}""")]
    [InlineData("""{"download":{"href":"https://a.example/x","header":{"A":5}}}""")]
    public void Downloads_that_lead_astray_are_refused(string actions) =>
        Assert.Throws<GitFormatException>(() => LfsBatchCodec.DecodeReply(Reply(actions), Server, [One], Now));

    [Theory]
    [InlineData("")]
    [InlineData("<html>")]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("""{"objects":{}}""")]
    [InlineData("""{"objects":[],"transfer":"ssh"}""")]
    [InlineData("""{"objects":[],"hash_algo":"sha512"}""")]
    [InlineData("""{"objects":[[[[[[[[[[[[[[[[[[[[]]]]]]]]]]]]]]]]]]]]}""")]
    [InlineData("""{"objects":[{"oid":"\ud800","size":1}]}""")]
    public void Replies_that_are_none_are_refused(string reply) =>
        Assert.Throws<GitFormatException>(() => LfsBatchCodec.DecodeReply(Encoding.UTF8.GetBytes(reply), Server, [One], Now));

    [Fact]
    public void What_was_not_asked_for_is_passed_over()
    {
        string reply = $$"""{"objects":[{"oid":"{{Two.Oid}}","size":321},{"oid":"{{One.Oid}}","size":124},{"oid":"x","size":1},5,{"oid":"{{One.Oid}}","size":123},{"oid":"{{One.Oid}}","size":123}]}""";
        Assert.Equal(One, LfsBatchCodec.DecodeReply(Encoding.UTF8.GetBytes(reply), Server, [One], Now).Single().Object);
    }

    [Fact]
    public void More_objects_than_a_batch_has_are_refused()
    {
        string objects = string.Join(',', Enumerable.Repeat($$"""{"oid":"{{One.Oid}}","size":1}""", 101));
        Assert.Equal(GitFormatError.OverLimit, Assert.Throws<GitFormatException>(
            () => LfsBatchCodec.DecodeRequest(Encoding.UTF8.GetBytes($$"""{"operation":"download","objects":[{{objects}}]}"""))).Kind);
    }

    [Fact]
    public void Random_damage_brings_only_our_own_exceptions()
    {
        byte[] good = LfsBatchCodec.EncodeReply([new LfsBatchObject(One, new LfsAction(new Uri("https://a.example/x"), [new("A", "b")], Now), null), new LfsBatchObject(Two, null, new LfsObjectError(404, "no"))]);
        Assert.Equal(2, LfsBatchCodec.DecodeReply(good, Server, [One, Two], Now).Count);
        for (int seed = 0; seed < 3000; seed++)
        {
            Random random = new(seed);
            byte[] bad = [.. good];
            for (int i = random.Next(1, 5); i > 0; i--)
            {
                bad[random.Next(bad.Length)] = (byte)random.Next(256);
            }

            try
            {
                LfsBatchCodec.DecodeReply(bad, Server, [One, Two], Now);
            }
            catch (GitFormatException)
            {
                // As it should be.
            }
        }
    }

    private static byte[] Reply(string actions) => Encoding.UTF8.GetBytes($$"""{"objects":[{"oid":"{{One.Oid}}","size":123,"actions":{{actions}}}]}""");
}
