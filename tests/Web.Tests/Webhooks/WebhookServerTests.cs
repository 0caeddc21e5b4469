using System.Net;
using System.Security.Cryptography;
using System.Text;
using Actors.Sync.Schedules;
using Actors.TestKit.Clocks;
using Actors.Web.Webhooks;
using Xunit;

namespace Actors.Web.Tests.Webhooks;

public sealed class WebhookServerTests : IAsyncLifetime
{
    private const string GitHub = """{"ref":"refs/heads/main","repository":{"full_name":"a/b","clone_url":"https://github.com/a/b.git","html_url":"https://github.com/a/b"}}""";
    private const string GitLab = """{"object_kind":"push","project":{"web_url":"https://gitlab.example/a/b","git_http_url":"https://gitlab.example/a/b.git"}}""";
    private const string Secret = "It's a Secret to Everybody";

    private readonly ManualTimeProvider _clock = new();
    private readonly List<ToldChange> _told = [];
    private readonly HttpClient _client = new();
    private WebhookServer? _server;

    public async ValueTask InitializeAsync() => _server = await WebhookServer.StartAsync(
        new WebhookOptions
        {
            Listen = new IPEndPoint(IPAddress.Loopback, 0),
            Secret = Encoding.UTF8.GetBytes(Secret),
            Clock = _clock,
            Tell = (changes, _) =>
            {
                lock (_told)
                {
                    _told.AddRange(changes);
                }

                return Task.FromResult(changes.Count);
            },
        },
        default);

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        await _server!.DisposeAsync();
    }

    [Fact]
    public async Task A_signed_push_of_GitHub_is_told_once_under_both_names()
    {
        Assert.Equal(HttpStatusCode.Accepted, await SendAsync(GitHub, ("X-GitHub-Event", "push"), ("X-Hub-Signature-256", "sha256=" + Sign(GitHub))));
        Assert.Equal(["https://github.com/a/b", "https://github.com/a/b.git"], _told.Select(change => change.Url.ToString()).Order());
        Assert.All(_told, change => Assert.Equal(_clock.GetUtcNow(), change.At));
        Assert.Equal(HttpStatusCode.Accepted, await SendAsync(GitHub, ("X-GitHub-Event", "push"), ("X-Hub-Signature-256", "sha256=" + Sign(GitHub))));
        Assert.Equal(2, _told.Count);
    }

    [Theory]
    [InlineData("X-Gitea-Event", "X-Gitea-Signature")]
    [InlineData("X-Forgejo-Event", "X-Forgejo-Signature")]
    public async Task Gitea_and_Forgejo_sign_without_a_prefix(string eventHeader, string signature)
    {
        Assert.Equal(HttpStatusCode.Accepted, await SendAsync(GitHub, (eventHeader, "push"), (signature, Sign(GitHub))));
        Assert.Equal(2, _told.Count);
    }

    [Fact]
    public async Task GitLab_sends_the_secret_itself()
    {
        Assert.Equal(HttpStatusCode.Unauthorized, await SendAsync(GitLab, ("X-Gitlab-Event", "Push Hook"), ("X-Gitlab-Token", Secret + "!")));
        Assert.Equal(HttpStatusCode.Accepted, await SendAsync(GitLab, ("X-Gitlab-Event", "Tag Push Hook"), ("X-Gitlab-Token", Secret)));
        Assert.Equal(["https://gitlab.example/a/b", "https://gitlab.example/a/b.git"], _told.Select(change => change.Url.ToString()).Order());
    }

    /// <summary>The example of GitHub's page on validating deliveries.</summary>
    [Fact]
    public async Task The_example_of_GitHubs_documentation_is_right()
    {
        const string Digest = "757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17";
        Assert.Equal(Digest, Sign("Hello, World!"));
        Assert.Equal(HttpStatusCode.NoContent, await SendAsync("Hello, World!", ("X-GitHub-Event", "ping"), ("X-Hub-Signature-256", "sha256=" + Digest)));
        Assert.Equal(HttpStatusCode.BadRequest, await SendAsync("Hello, World!", ("X-GitHub-Event", "push"), ("X-Hub-Signature-256", "sha256=" + Digest)));
    }

    [Theory]
    [InlineData("X-Hub-Signature-256", "sha256=0000000000000000000000000000000000000000000000000000000000000000")]
    [InlineData("X-Hub-Signature-256", "sha256=")]
    [InlineData("X-Hub-Signature-256", "sha1=757107ea0eb2509fc211221cce984b8a37570b6d")]
    [InlineData("X-Hub-Signature-256", "sha256=zz7107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17")]
    [InlineData("X-Gitea-Signature", "")]
    [InlineData("X-Gitlab-Token", "")]
    [InlineData("X-Other", "1")]
    public async Task What_is_not_signed_with_the_secret_is_refused_and_told_to_nobody(string header, string value)
    {
        Assert.Equal(HttpStatusCode.Unauthorized, await SendAsync(GitHub, ("X-GitHub-Event", "push"), (header, value)));
        Assert.Empty(_told);
    }

    [Theory]
    [InlineData("{")]
    [InlineData("[]")]
    [InlineData("{\"repository\":7}")]
    [InlineData("{\"repository\":{\"clone_url\":\"file:///etc\",\"html_url\":\"ext::sh\"}}")]
    public async Task A_signed_message_without_a_repository_is_not_understood(string body)
    {
        Assert.Equal(HttpStatusCode.BadRequest, await SendAsync(body, ("X-GitHub-Event", "push"), ("X-Hub-Signature-256", "sha256=" + Sign(body))));
        Assert.Empty(_told);
    }

    [Fact]
    public async Task A_message_that_is_too_large_is_refused_unread()
    {
        using HttpRequestMessage request = new(HttpMethod.Post, new Uri(_server!.Address, "webhooks")) { Content = new ByteArrayContent(new byte[(8 << 20) + 1]) };
        request.Headers.ExpectContinue = true;
        using HttpResponseMessage answer = await _client.SendAsync(request);
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, answer.StatusCode);
    }

    private static string Sign(string body) => Convert.ToHexStringLower(HMACSHA256.HashData(Encoding.UTF8.GetBytes(Secret), Encoding.UTF8.GetBytes(body)));

    private async Task<HttpStatusCode> SendAsync(string body, params (string Name, string Value)[] headers)
    {
        using HttpRequestMessage request = new(HttpMethod.Post, new Uri(_server!.Address, "webhooks")) { Content = new StringContent(body, Encoding.UTF8, "application/json") };
        foreach ((string name, string value) in headers)
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }

        using HttpResponseMessage answer = await _client.SendAsync(request);
        return answer.StatusCode;
    }
}
