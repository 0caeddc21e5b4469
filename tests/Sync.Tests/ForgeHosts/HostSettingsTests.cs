using Actors.Git.Remotes;
using Actors.Sync.ForgeHosts;
using Xunit;

namespace Actors.Sync.Tests.ForgeHosts;

public sealed class HostSettingsTests
{
    private static readonly HostLimits Wide = new(100, double.PositiveInfinity);

    [Fact]
    public void Settings_lie_over_the_presets()
    {
        HostRuleBook book = HostSettings.Parse("""
            {
              // comments are welcome
              "hosts": {
                "github.com": { "concurrency": 3, "quietHours": ["22:00-06:30", "12:00-13:00"], "quietConcurrency": 1 },
                "git.example.org:8443": { "requestsPerSecond": 0.5, "silence": "90s", "banSilence": "2h", "canary": "https://git.example.org:8443/a" },
                "*": { "concurrency": 5, "firstConcurrency": 1, "firstRequestsPerSecond": 2, "budget": "rest" },
              },
            }
            """);
        HostRules github = book.Find(ForgeHost.Parse("github.com"), Wide);
        Assert.Equal((3, 15, 1, "22:00-06:30 12:00-13:00"), (github.Concurrency, github.RequestsPerSecond, github.QuietConcurrency, string.Join(' ', github.QuietHours)));
        HostRules mine = book.Find(ForgeHost.Parse("git.example.org:8443"), Wide);
        Assert.Equal((0.5, TimeSpan.FromSeconds(90), TimeSpan.FromHours(2)), (mine.RequestsPerSecond, mine.Silence, mine.BanSilence));
        Assert.Equal("https://git.example.org:8443/a", mine.Canary.ToString());
        HostRules other = book.Find(ForgeHost.Parse("else.example"), Wide);
        Assert.Equal((5, 1, 2.0, "rest"), (other.Concurrency, other.FirstConcurrency, other.FirstRequestsPerSecond, other.Budget));
        Assert.Equal(HostPresets.Rules["gitlab.com"].Concurrency, book.Find(ForgeHost.Parse("gitlab.com"), Wide).Concurrency);
    }

    [Theory]
    [InlineData("{", "not JSON, line 1, byte 2")]
    [InlineData("[]", "not an object with \"hosts\" in it")]
    [InlineData("{\"host\":{}}", "host: not known: only \"hosts\" is")]
    [InlineData("{\"hosts\":[]}", "hosts: not an object: one property a host")]
    [InlineData("{\"hosts\":{\"a.example\":3}}", "hosts.a.example: not an object")]
    [InlineData("{\"hosts\":{\"A.example\":{}}}", "hosts.A.example: 'A.example' is not a forge host: a lower-case host name, or host:port.")]
    [InlineData("{\"hosts\":{\"a.example\":{\"concurency\":1}}}", "hosts.a.example.concurency: not known")]
    [InlineData("{\"hosts\":{\"a.example\":{\"concurrency\":0}}}", "hosts.a.example.concurrency: not a whole number from 1 to 10000")]
    [InlineData("{\"hosts\":{\"a.example\":{\"concurrency\":\"8\"}}}", "hosts.a.example.concurrency: not a whole number from 1 to 10000")]
    [InlineData("{\"hosts\":{\"a.example\":{\"requestsPerSecond\":0}}}", "hosts.a.example.requestsPerSecond: not a rate a second from 0.001 to 1000000")]
    [InlineData("{\"hosts\":{\"a.example\":{\"silence\":\"soon\"}}}", "hosts.a.example.silence: not a time up to a day, such as 90s, 15m or 1h")]
    [InlineData("{\"hosts\":{\"a.example\":{\"quietHours\":[\"8-18\"]}}}", "hosts.a.example.quietHours[0]: '8-18' is not a time of day such as 08:00-18:30 (UTC)")]
    [InlineData("{\"hosts\":{\"a.example\":{\"canary\":\"https://b.example/r\"}}}", "hosts.a.example.canary: not a repository of the host itself")]
    [InlineData("{\"hosts\":{\"*\":{\"canary\":\"https://b.example/r\"}}}", "hosts.*.canary: not a repository of the host itself")]
    public void What_is_wrong_is_named_with_its_place(string json, string reason) =>
        Assert.Equal(reason, Assert.Throws<FormatException>(() => HostSettings.Parse(json)).Message);

    [Theory]
    [InlineData("localhost")]
    [InlineData("127.0.0.1:8080")]
    [InlineData("[::1]:8080")]
    public void This_machine_is_an_open_door(string host)
    {
        HostRules rules = HostRuleBook.Presets.Find(ForgeHost.Parse(host), Wide);
        Assert.Equal((100, null, null), (rules.Concurrency, rules.FirstConcurrency, rules.FirstRequestsPerSecond));
    }

    [Fact]
    public void Callers_ceilings_hold_for_every_host()
    {
        HostLimits one = new(1, 0.1);
        Assert.All((string[])["github.com", "unknown.example", "localhost"], host =>
        {
            HostRules rules = HostRuleBook.Presets.Find(ForgeHost.Parse(host), one);
            Assert.Equal((1, 0.1), (rules.Concurrency, rules.RequestsPerSecond));
        });
    }
}
