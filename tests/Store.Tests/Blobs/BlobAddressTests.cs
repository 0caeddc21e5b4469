using Actors.Store.Blobs;
using Actors.Store.Blobs.S3;
using Xunit;

namespace Actors.Store.Tests.Blobs;

public sealed class BlobAddressTests
{
    [Theory]
    [InlineData("s3://bucket", "s3://bucket", true)]
    [InlineData("s3://bucket/", "s3://bucket", true)]
    [InlineData("s3://my.bucket-1/a/b/", "s3://my.bucket-1/a/b", true)]
    [InlineData("s3://bucket/p?endpoint=http%3A%2F%2F127.0.0.1%3A7480&region=eu-1&style=path&anonymous=true&profile=p&encryption=aws:kms&encryption-key=k", "s3://bucket/p", true)]
    [InlineData("some/folder", "some/folder", false)]
    [InlineData("/some/folder", "/some/folder", false)]
    public void Places_are_told_apart(string text, string shown, bool isBucket)
    {
        BlobAddress address = BlobAddress.Parse(text);
        Assert.Equal(shown, address.ToString());
        Assert.Equal(isBucket, address.IsBucket);
    }

    [Theory]
    [InlineData("")]
    [InlineData("S3://bucket")]
    [InlineData("s3://")]
    [InlineData("s3://bu")]
    [InlineData("s3://Bucket")]
    [InlineData("s3://-bucket")]
    [InlineData("s3://bucket//x")]
    [InlineData("s3://bucket/../x")]
    [InlineData("s3://KEY:SECRET@bucket/x")]
    [InlineData("s3://bucket/x?secret=SECRET")]
    [InlineData("s3://bucket/x?anonymous=SECRET")]
    [InlineData("s3://bucket/x?anonymous")]
    [InlineData("s3://bucket/x?endpoint=127.0.0.1")]
    [InlineData("s3://bucket/x?endpoint=ftp://host")]
    [InlineData("s3://bucket/x?endpoint=http://me:SECRET@host")]
    [InlineData("s3://bucket/x?style=virtual")]
    [InlineData("https://bucket.s3.amazonaws.com/SECRET")]
    public void Other_texts_are_refused_without_being_repeated(string text)
    {
        Assert.False(BlobAddress.TryParse(text, out _, out string? reason));
        Assert.DoesNotContain("SECRET", reason, StringComparison.Ordinal);
        Assert.DoesNotContain("SECRET", Assert.Throws<FormatException>(() => BlobAddress.Parse(text)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Settings_reach_the_client()
    {
        S3Settings seen = new();
        BlobAddress address = BlobAddress.Parse("s3://bucket/p?endpoint=http://127.0.0.1:9&region=eu-1&style=host&anonymous=true&encryption=aws:kms&encryption-key=k");
        await using IBlobStore store = address.Open(settings => seen = settings);
        Assert.Equal(new S3Settings { Endpoint = new Uri("http://127.0.0.1:9"), Region = "eu-1", PathStyle = false, IsAnonymous = true, Encryption = "aws:kms", EncryptionKeyId = "k" }, seen);
        Assert.Equal("s3://bucket/p", store.Location);
    }
}
