using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Actors.Store.Heads;
using Actors.Store.Objects;
using Actors.Sync.Campaigns;
using Actors.Web.Api;
using Microsoft.Extensions.Logging.Abstractions;
using Xunit;

namespace Actors.Web.Tests.Api;

/// <summary>A server on the loopback address over stores in memory and a board that the test moves.</summary>
internal sealed class ApiServer : IAsyncDisposable
{
    private readonly WebServer _server;

    private ApiServer(WebServer server, MemoryBoard board, MemoryObjectStore objects, MemoryHeadStore heads)
    {
        (_server, Board, Objects, Heads) = (server, board, objects, heads);
        Client = new HttpClient { BaseAddress = server.Addresses[0] };
    }

    public MemoryBoard Board { get; }

    public MemoryObjectStore Objects { get; }

    public MemoryHeadStore Heads { get; }

    public HttpClient Client { get; }

    public IReadOnlyList<Uri> Addresses => _server.Addresses;

    public WebServer Server => _server;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public static async Task<ApiServer> StartAsync(Func<WebServerOptions, WebServerOptions>? change = null, MemoryObjectStore? objects = null)
    {
        MemoryBoard board = new(TimeProvider.System);
        MemoryHeadStore heads = new();
        objects ??= new MemoryObjectStore();
        WebServerOptions options = new() { Bindings = [new WebBinding(new IPEndPoint(IPAddress.Loopback, 0))], Version = "1.2.3" };
        WebServer server = await WebServer.StartAsync(
            change?.Invoke(options) ?? options, new WebEngine(board, objects, heads), TimeProvider.System, NullLoggerFactory.Instance, Token);
        return new ApiServer(server, board, objects, heads);
    }

    public static StringContent Text(string text) => new(text, Encoding.UTF8, new MediaTypeHeaderValue("text/plain"));

    public static StringContent Json(string text) => new(text, Encoding.UTF8, new MediaTypeHeaderValue("application/json"));

    public async Task<CampaignId> SubmitAsync(string list = "https://example.org/a\n")
    {
        using HttpResponseMessage answer = await Client.PostAsync("/api/v1/campaigns", Text(list), Token);
        Assert.Equal(HttpStatusCode.Created, answer.StatusCode);
        CampaignView view = CampaignJson.Read((await ReadJsonAsync(answer)).RootElement);
        Assert.Equal($"/api/v1/campaigns/{view.Id}", answer.Headers.Location?.ToString());
        return view.Id;
    }

    public async Task<JsonElement> GetAsync(string path)
    {
        using HttpResponseMessage answer = await Client.GetAsync(path, Token);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        return (await ReadJsonAsync(answer)).RootElement;
    }

    /// <summary>The problem that an answer tells, with the status that it has.</summary>
    public static async Task<Problem> ProblemOfAsync(HttpResponseMessage answer)
    {
        Assert.Equal(Problem.MediaType, answer.Content.Headers.ContentType?.MediaType);
        Problem? problem = Problem.Parse(await answer.Content.ReadAsByteArrayAsync(Token));
        Assert.NotNull(problem);
        Assert.Equal((int)answer.StatusCode, problem.Status);
        Assert.NotEmpty(problem.Detail);
        return problem;
    }

    public async Task<Problem> RefusedAsync(HttpMethod method, string path, HttpContent? content = null, params (string Name, string Value)[] headers)
    {
        using HttpRequestMessage request = new(method, path) { Content = content };
        foreach ((string name, string value) in headers)
        {
            Assert.True(request.Headers.TryAddWithoutValidation(name, value));
        }

        using HttpResponseMessage answer = await Client.SendAsync(request, Token);
        return await ProblemOfAsync(answer);
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await _server.DisposeAsync();
    }

    private static async Task<JsonDocument> ReadJsonAsync(HttpResponseMessage answer)
    {
        Assert.Equal("application/json", answer.Content.Headers.ContentType?.MediaType);
        return JsonDocument.Parse(await answer.Content.ReadAsByteArrayAsync(Token));
    }
}
