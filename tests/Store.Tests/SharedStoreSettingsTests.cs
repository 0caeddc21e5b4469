using Actors.TestKit;
using Xunit;

namespace Actors.Store.Tests;

public sealed class SharedStoreSettingsTests : IDisposable
{
    private const string Heads = "Host=db1,db2;Database=actors;Username=actors;Password=secret";

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_file_names_heads_packs_and_cache()
    {
        SharedStoreSettings read = Read($$"""
            {
                // the store of the whole cluster
                "heads": "{{Heads}}",
                "packs": "s3://bucket/prefix?endpoint=http://127.0.0.1:9000",
                "cache": "/var/cache/actors",
                "cacheBytes": 100000000,
                "index": "machine-7.example.org:7171",
            }
            """);
        Assert.Equal(
            new SharedStoreSettings { Heads = Heads, Packs = "s3://bucket/prefix?endpoint=http://127.0.0.1:9000", Cache = "/var/cache/actors", CacheBytes = 100_000_000, Index = "machine-7.example.org:7171" }, read);
        Assert.Equal("s3://bucket/prefix and PostgreSQL", read.ToString());
    }

    [Theory]
    [InlineData("""{"heads": "Host=a;Password=secret"}""")]
    [InlineData("""{"heads": "Host=a;Password=secret", "packs": "s3://bucket/p", "pakcs": "x"}""")]
    [InlineData("""{"heads": "Host=a;Password=secret", "packs": "ftp://b/p"}""")]
    [InlineData("""{"heads": "Host=a;Password=secret;Colour=red", "packs": "s3://bucket/p"}""")]
    [InlineData("""{"heads": "Host=a;Password=secret;Search Path=Robert'); DROP", "packs": "s3://bucket/p"}""")]
    [InlineData("""{"heads": " ", "packs": "s3://bucket/p?secret"}""")]
    [InlineData("""{"heads": "Host=a;Password=secret", "packs": "s3://bucket/p", "cacheBytes": 1}""")]
    [InlineData("""{"heads": "Host=a;Password=secret", "packs": "s3://bucket/p", "cacheBytes": "secret"}""")]
    [InlineData("""{"heads": "Host=a;Password=secret", "packs": "s3://bucket/p", "index": "secret"}""")]
    [InlineData("""{"heads": "Host=a;Password=secret", "packs": "s3://bucket/p", "index": "secret:0"}""")]
    [InlineData("""{"heads": "Host=a;Password=secret", "packs": "s3://bucket/p", "index": "secret:70000"}""")]
    [InlineData("""{"heads": "Host=a;Password=secret", "packs": "s3://bucket/p", "index": "secret host:7171"}""")]
    [InlineData("""{"heads": "Host=a;Password=secret", "packs": "s3://bucket/p", "index": "0.0.0.0:7171"}""")]
    [InlineData("""["secret"]""")]
    [InlineData("secret")]
    [InlineData("null")]
    [InlineData("")]
    public void What_is_wrong_with_a_file_is_told_without_its_values(string text)
    {
        FormatException refused = Assert.Throws<FormatException>(() => Read(text));
        Assert.Contains("shared.json", refused.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain("secret", refused.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void The_environment_names_both_or_neither()
    {
        Assert.Null(SharedStoreSettings.FromEnvironment(_ => null));
        Assert.Null(SharedStoreSettings.FromEnvironment(_ => ""));
        foreach (string only in (string[])[SharedStoreSettings.HeadsVariable, SharedStoreSettings.PacksVariable])
        {
            FormatException refused = Assert.Throws<FormatException>(() => SharedStoreSettings.FromEnvironment(name => name == only ? "Host=a;Password=secret" : null));
            Assert.Equal("ACTORS_HEADS and ACTORS_PACKS name a shared store together; only one of them is set.", refused.Message);
        }

        Dictionary<string, string> both = new() { ["ACTORS_HEADS"] = Heads, ["ACTORS_PACKS"] = "s3://bucket/p", ["ACTORS_CACHE"] = "/c", ["ACTORS_INDEX"] = "10.0.0.7:7171" };
        Assert.Equal(new SharedStoreSettings { Heads = Heads, Packs = "s3://bucket/p", Cache = "/c", Index = "10.0.0.7:7171" }, SharedStoreSettings.FromEnvironment(both.GetValueOrDefault));
    }

    private SharedStoreSettings Read(string text)
    {
        File.WriteAllText(_folder["shared.json"], text);
        return SharedStoreSettings.ReadFile(_folder["shared.json"]);
    }
}
