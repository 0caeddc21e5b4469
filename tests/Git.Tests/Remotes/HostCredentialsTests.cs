using System.Text;
using Actors.Git.Refs;
using Actors.Git.Remotes;
using Actors.TestKit;
using Actors.TestKit.Servers;
using Xunit;

namespace Actors.Git.Tests.Remotes;

public sealed class HostCredentialsTests
{
    private static readonly byte[] Refs = HttpAnswer.UploadPackResult(Pkt.Join(Pkt.Line("1111111111111111111111111111111111111111 HEAD\n"), Pkt.Flush));
    private static readonly byte[] Unauthorized = HttpAnswer.Of("no"u8, 401);

    private readonly List<string?> _sent = [];

    [Fact]
    public async Task Token_of_the_environment_goes_to_its_host()
    {
        await using CannedServer server = Serve(_ => Refs);
        await using GitClient client = Client(server, "abc");
        Assert.Null((await client.ProbeAsync(UrlOf(server), RefSelection.Default, default)).Failure);
        Assert.Equal([Basic("oauth2:abc")], _sent);
    }

    [Fact]
    public async Task Refused_credential_is_never_sent_again_and_what_is_public_is_read_without()
    {
        await using CannedServer server = Serve(authorization => authorization is null ? Refs : Unauthorized);
        await using GitClient client = Client(server, "me:bad");
        for (int time = 0; time < 3; time++)
        {
            Assert.Null((await client.ProbeAsync(UrlOf(server), RefSelection.Default, default)).Failure);
        }

        Assert.Equal([Basic("me:bad"), null, null, null], _sent);
    }

    [Fact]
    public async Task Tokens_are_rotated_by_what_is_left_of_each()
    {
        Dictionary<string, int> left = new() { [Basic("oauth2:a")] = 2, [Basic("oauth2:b")] = 5 };
        await using CannedServer server = Serve(authorization =>
            left[authorization!]-- > 0 ? Answer(200, left[authorization!]) : HttpAnswer.Of("slow down"u8, 429, null, "Retry-After: 60"));
        await using GitClient client = Client(server, "a,b");
        for (int time = 0; time < 7; time++)
        {
            Assert.Null((await client.ProbeAsync(UrlOf(server), RefSelection.Default, default)).Failure);
        }

        Assert.Equal((2, 5), (_sent.Count(s => s == Basic("oauth2:a")), _sent.Count(s => s == Basic("oauth2:b"))));
        Assert.Equal(RemoteFailureKind.Throttled, (await client.ProbeAsync(UrlOf(server), RefSelection.Default, default)).Failure?.Kind);
    }

    [Fact]
    public async Task Throttled_token_rests_and_the_other_is_tried_at_once()
    {
        await using CannedServer server = Serve(authorization =>
            authorization == Basic("oauth2:a") ? HttpAnswer.Of("slow down"u8, 429, null, "Retry-After: 60") : Refs);
        await using GitClient client = Client(server, "a,b");
        Assert.Null((await client.ProbeAsync(UrlOf(server), RefSelection.Default, default)).Failure);
        Assert.Null((await client.ProbeAsync(UrlOf(server), RefSelection.Default, default)).Failure);
        Assert.Equal([Basic("oauth2:a"), Basic("oauth2:b"), Basic("oauth2:b")], _sent);
    }

    [Fact]
    public async Task Credential_is_dropped_on_a_redirect_to_another_host()
    {
        await using CannedServer other = Serve(_ => Refs);
        await using CannedServer server = Serve(_ => HttpAnswer.Of(default, 302, null, $"Location: {other.Address}r/git-upload-pack"));
        HostCredentials credentials = new(new HostCredentialsOptions { Environment = _ => "abc" }, TimeProvider.System);
        await using GitClient client = new(new GitClientOptions { Credentials = credentials });
        ProbeReply reply = await client.ProbeAsync(UrlOf(server), RefSelection.Default, default);
        Assert.Null(reply.Failure);
        Assert.Equal(1, reply.Redirects);
        Assert.Equal([Basic("oauth2:abc"), null], _sent);
    }

    [Fact]
    public async Task Helper_is_asked_once_and_never_prompts()
    {
        using TemporaryFolder folder = new();
        string program = folder.WriteProgram("helper", $"""
            #!/bin/sh
            echo "$1 $2 prompt=$GIT_TERMINAL_PROMPT askpass=$GIT_ASKPASS" >> {folder["asked"]}
            cat >> {folder["asked"]}
            echo username=me
            echo password=known
            """);
        await using CannedServer server = Serve(authorization => authorization is null ? Unauthorized : Refs);
        HostCredentials credentials = new(new HostCredentialsOptions { HelperProgram = program }, TimeProvider.System);
        await using GitClient client = new(new GitClientOptions { Credentials = credentials });
        for (int time = 0; time < 3; time++)
        {
            Assert.Null((await client.ProbeAsync(UrlOf(server), RefSelection.Default, default)).Failure);
        }

        Assert.Equal([null, Basic("me:known"), Basic("me:known"), Basic("me:known")], _sent);
        Assert.Equal($"credential fill prompt=0 askpass=\nprotocol=http\nhost=127.0.0.1:{server.Address.Port}\n\n", File.ReadAllText(folder["asked"]));
    }

    [Fact]
    public void Credential_says_nothing_of_itself()
    {
        HostCredential credential = new("me", "secret");
        Assert.Equal("(a credential)", credential.ToString());
    }

    private static byte[] Answer(int status, int left) =>
        HttpAnswer.Of(Pkt.Join(Pkt.Line("1111111111111111111111111111111111111111 HEAD\n"), Pkt.Flush), status, null, $"RateLimit-Remaining: {left}", "Content-Type: application/x-git-upload-pack-result");

    private static string Basic(string text) => "Basic " + Convert.ToBase64String(Encoding.UTF8.GetBytes(text));

    private static RepositoryUrl UrlOf(CannedServer server) => RepositoryUrl.Parse($"{server.Address}r");

    private static GitClient Client(CannedServer server, string tokens)
    {
        string variable = $"ACTORS_TOKEN_127_0_0_1_{server.Address.Port}";
        return new GitClient(new GitClientOptions
        {
            Credentials = new HostCredentials(new HostCredentialsOptions { Environment = name => name == variable ? tokens : null }, TimeProvider.System),
        });
    }

    private CannedServer Serve(Func<string?, byte[]> answer) => new(request =>
    {
        string? authorization = request.HeadText.Split("\r\n").FirstOrDefault(l => l.StartsWith("Authorization: ", StringComparison.OrdinalIgnoreCase))?[15..];
        lock (_sent)
        {
            _sent.Add(authorization);
        }

        return answer(authorization);
    });
}
