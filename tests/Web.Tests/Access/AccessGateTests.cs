using System.Net;
using Actors.Web.Access;
using Actors.Web.Api;
using Actors.Web.Tests.Api;
using Xunit;

namespace Actors.Web.Tests.Access;

public sealed class AccessGateTests
{
    private const string Reader = "reader-0123456789";
    private const string Writer = "writer-0123456789";
    private static readonly AccessTokens Tokens = AccessTokens.Parse($"read {Reader}\nwrite {Writer}\n");

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("GET", "/api/v1/campaigns", null, 401)]
    [InlineData("GET", "/api/v1/campaigns", "Bearer wrong-0123456789", 401)]
    [InlineData("GET", "/api/v1/campaigns", "Basic " + Reader, 401)]
    [InlineData("GET", "/api/v1/campaigns", "Bearer " + Reader, 200)]
    [InlineData("GET", "/api/v1/campaigns", "bearer " + Writer, 200)]
    [InlineData("GET", "/metrics", null, 401)]
    [InlineData("GET", "/metrics", "Bearer " + Reader, 200)]
    [InlineData("POST", "/api/v1/campaigns", "Bearer " + Reader, 403)]
    [InlineData("POST", "/api/v1/campaigns", "Bearer " + Writer, 201)]
    [InlineData("POST", "/api/v1/campaigns/1/cancel", "Bearer " + Reader, 403)]
    [InlineData("PUT", "/api/v1/campaigns/1/priority", "Bearer " + Reader, 403)]
    [InlineData("PUT", "/api/v1/hosts/a/brake", "Bearer " + Reader, 403)]
    [InlineData("DELETE", "/api/v1/hosts/a/brake", "Bearer " + Reader, 403)]
    [InlineData("POST", "/api/v1/objects/missing", "Bearer " + Reader, 200)]
    [InlineData("GET", "/health/live", null, 200)]
    [InlineData("GET", "/health/ready", null, 200)]
    [InlineData("GET", "/openapi/v1.json", null, 200)]
    [InlineData("GET", "/dashboard/", null, 200)]
    public async Task Tokens_open_what_their_scope_allows(string method, string path, string? authorization, int status)
    {
        await using ApiServer server = await ApiServer.StartAsync(options => options with { Tokens = Tokens });
        using HttpRequestMessage request = new(new HttpMethod(method), path) { Content = method == "POST" ? ApiServer.Text("") : null };
        if (authorization is not null)
        {
            request.Headers.TryAddWithoutValidation("Authorization", authorization);
        }

        using HttpResponseMessage answer = await server.Client.SendAsync(request, Token);
        Assert.Equal(status, (int)answer.StatusCode);
        Assert.Equal(status == 201 ? 1 : 0, server.Board.Lists.Count);
        if (status is 401 or 403)
        {
            Problem problem = await ApiServer.ProblemOfAsync(answer);
            string challenge = Assert.Single(answer.Headers.GetValues("WWW-Authenticate"));
            Assert.StartsWith("Bearer realm=\"actors\"", challenge, StringComparison.Ordinal);
            Assert.Equal(status == 403, challenge.Contains("error=\"insufficient_scope\"", StringComparison.Ordinal));
            Assert.Equal(authorization?.StartsWith("Bearer wrong", StringComparison.Ordinal) == true, challenge.Contains("error=\"invalid_token\"", StringComparison.Ordinal));
            Assert.DoesNotContain("0123456789", problem.Detail, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Every_changing_endpoint_asks_for_the_write_scope()
    {
        await using ApiServer server = await ApiServer.StartAsync(options => options with { Tokens = Tokens });
        int asked = 0;
        foreach (Microsoft.AspNetCore.Routing.RouteEndpoint endpoint in server.Server.Endpoints)
        {
            string method = endpoint.Metadata.GetMetadata<Microsoft.AspNetCore.Routing.HttpMethodMetadata>()!.HttpMethods.Single();
            string path = endpoint.RoutePattern.RawText!;
            if (method != "GET" && path != "/api/v1/objects/missing")
            {
                asked++;
                Assert.Equal("insufficient-scope", (await server.RefusedAsync(new HttpMethod(method), path.Replace("{id}", "1", StringComparison.Ordinal).Replace("{host}", "a", StringComparison.Ordinal), null, ("Authorization", "Bearer " + Reader))).Kind);
            }
        }

        Assert.Equal(7, asked);
    }

    [Theory]
    [InlineData("attacker.example", false)]
    [InlineData("attacker.example:80", false)]
    [InlineData("localhost.attacker.example", false)]
    [InlineData("localhost", true)]
    [InlineData("actors.localhost:99", true)]
    [InlineData("127.0.0.1:5", true)]
    [InlineData("[::1]:5", true)]
    [InlineData("own.example", true)]
    public async Task Without_tokens_the_server_answers_only_to_its_own_names(string host, bool passes)
    {
        await using ApiServer server = await ApiServer.StartAsync(options => options with { HostNames = ["own.example"] });
        using HttpRequestMessage request = new(HttpMethod.Get, "/api/v1/campaigns");
        request.Headers.Host = host;
        using HttpResponseMessage answer = await server.Client.SendAsync(request, Token);
        Assert.Equal(passes ? HttpStatusCode.OK : HttpStatusCode.Forbidden, answer.StatusCode);
    }

    [Theory]
    [InlineData("Origin", "https://attacker.example", false)]
    [InlineData("Origin", "null", false)]
    [InlineData("Origin", "OWN", true)]
    [InlineData("Sec-Fetch-Site", "cross-site", false)]
    [InlineData("Sec-Fetch-Site", "same-site", false)]
    [InlineData("Sec-Fetch-Site", "same-origin", true)]
    [InlineData("Sec-Fetch-Site", "none", true)]
    public async Task Without_tokens_no_foreign_page_may_change_anything(string header, string value, bool passes)
    {
        await using ApiServer server = await ApiServer.StartAsync();
        using HttpRequestMessage request = new(HttpMethod.Post, "/api/v1/campaigns") { Content = ApiServer.Text("https://example.org/a\n") };
        request.Headers.TryAddWithoutValidation(header, value == "OWN" ? server.Addresses[0].GetLeftPart(UriPartial.Authority) : value);
        using HttpResponseMessage answer = await server.Client.SendAsync(request, Token);
        Assert.Equal(passes ? HttpStatusCode.Created : HttpStatusCode.Forbidden, answer.StatusCode);
        Assert.Equal(passes ? 1 : 0, server.Board.Lists.Count);
    }

    [Fact]
    public async Task Parts_are_served_at_their_own_addresses()
    {
        await using ApiServer server = await ApiServer.StartAsync(options => options with
        {
            Tokens = Tokens,
            Bindings =
            [
                new WebBinding(new IPEndPoint(IPAddress.Loopback, 0)) { Parts = WebParts.Api },
                new WebBinding(new IPEndPoint(IPAddress.Loopback, 0)) { Parts = WebParts.Metrics, ReadsNeedNoToken = true },
            ],
        });
        Assert.Equal("200 401 404 404 404", await StatusesAsync(server, 0));
        Assert.Equal("200 404 200 404 404", await StatusesAsync(server, 1));

        static async Task<string> StatusesAsync(ApiServer server, int place)
        {
            List<int> statuses = [];
            foreach (string path in (string[])["/health/live", "/api/v1/silos", "/metrics", "/dashboard/", "/"])
            {
                using HttpResponseMessage answer = await server.Client.GetAsync(new Uri(server.Addresses[place], path), Token);
                statuses.Add((int)answer.StatusCode);
            }

            return string.Join(' ', statuses);
        }
    }

    [Fact]
    public async Task Server_without_tokens_does_not_listen_to_the_network_by_mistake()
    {
        WebBinding everywhere = new(new IPEndPoint(IPAddress.Any, 0));
        ArgumentException e = await Assert.ThrowsAsync<ArgumentException>(() => ApiServer.StartAsync(options => options with { Bindings = [everywhere] }));
        Assert.Contains("tokens", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Certificate_makes_the_address_HTTPS_with_HTTP_2()
    {
        using System.Security.Cryptography.X509Certificates.X509Certificate2 certificate = TestKit.Servers.SelfSignedCertificate.Create();
        await using ApiServer server = await ApiServer.StartAsync(options => options with
        {
            Bindings = [new WebBinding(new IPEndPoint(IPAddress.Loopback, 0)) { Certificate = certificate }],
        });
        using HttpClientHandler handler = new() { ServerCertificateCustomValidationCallback = (_, shown, _, _) => shown!.Thumbprint == certificate.Thumbprint };
        using HttpClient client = new(handler) { BaseAddress = server.Addresses[0], DefaultRequestVersion = HttpVersion.Version20, DefaultVersionPolicy = HttpVersionPolicy.RequestVersionExact };
        using HttpResponseMessage answer = await client.GetAsync("/api/v1/silos", Token);
        Assert.Equal(("https", HttpStatusCode.OK, HttpVersion.Version20), (server.Addresses[0].Scheme, answer.StatusCode, answer.Version));
    }
}
