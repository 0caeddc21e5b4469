using System.Net;
using System.Text;
using Actors.Git.Objects;
using Actors.Store.Objects;
using Actors.Web.Api;
using Xunit;

namespace Actors.Web.Tests.Api;

public sealed class ObjectEndpointsTests
{
    private const string Missing = "/api/v1/objects/missing";
    private static readonly byte[] Content = Encoding.UTF8.GetBytes("<script>alert(1)</script>\n");
    private static readonly Oid Stored = ObjectHash.Compute(ObjectType.Blob, Content);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Missing_oids_come_back_in_their_order()
    {
        await using ApiServer server = await StartAsync();
        string[] absent = [.. Enumerable.Range(1, 25_000).Select(i => i.ToString("x40", System.Globalization.CultureInfo.InvariantCulture)).Reverse()];
        string question = string.Join("\n", absent[..12_000]) + $"\n{Stored}\r\n" + string.Join("\n", absent[12_000..]);
        using HttpResponseMessage answer = await server.Client.PostAsync(Missing, ApiServer.Text(question), Token);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Equal(string.Join("\n", absent) + "\n", await answer.Content.ReadAsStringAsync(Token));
    }

    [Fact]
    public async Task Nothing_asked_is_nothing_missing()
    {
        await using ApiServer server = await StartAsync();
        using HttpResponseMessage answer = await server.Client.PostAsync(Missing, ApiServer.Text(""), Token);
        Assert.Equal((HttpStatusCode.OK, ""), (answer.StatusCode, await answer.Content.ReadAsStringAsync(Token)));
    }

    [Fact]
    public async Task Line_that_is_no_oid_is_named_by_its_number()
    {
        await using ApiServer server = await StartAsync();
        Problem problem = await server.RefusedAsync(HttpMethod.Post, Missing, ApiServer.Text($"{Stored}\n{Stored.ToString().ToUpperInvariant()}\n"));
        Assert.Equal((400, "body"), (problem.Status, problem.Field));
        Assert.StartsWith("Line 2 ", problem.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Question_that_is_too_long_is_refused()
    {
        await using ApiServer server = await StartAsync();
        string question = string.Concat(Enumerable.Repeat($"{Stored}\n", Limits.MissingLinesMax + 1));
        Assert.Equal(413, (await server.RefusedAsync(HttpMethod.Post, Missing, ApiServer.Text(question))).Status);
        question = new string('a', Limits.MissingBodyBytesMax + 1);
        Assert.Equal(413, (await server.RefusedAsync(HttpMethod.Post, Missing, ApiServer.Text(question), ("Expect", "100-continue"))).Status);
    }

    [Fact]
    public async Task Object_comes_with_its_type_and_is_never_a_page()
    {
        await using ApiServer server = await StartAsync();
        using HttpResponseMessage answer = await server.Client.GetAsync($"/api/v1/objects/{Stored}", Token);
        Assert.Equal(Content, await answer.Content.ReadAsByteArrayAsync(Token));
        Assert.Equal("blob", Assert.Single(answer.Headers.GetValues("Git-Object-Type")));
        Assert.Equal("application/octet-stream", answer.Content.Headers.ContentType?.MediaType);
        Assert.Equal("attachment", answer.Content.Headers.ContentDisposition?.DispositionType);
        Assert.Equal("nosniff", Assert.Single(answer.Headers.GetValues("X-Content-Type-Options")));
        Assert.Equal("default-src 'none'; sandbox", Assert.Single(answer.Headers.GetValues("Content-Security-Policy")));
    }

    [Theory]
    [InlineData("1111111111111111111111111111111111111111", 404)]
    [InlineData("111", 400)]
    public async Task Object_that_is_not_here_or_no_oid_is_refused(string oid, int status)
    {
        await using ApiServer server = await StartAsync();
        Problem problem = await server.RefusedAsync(HttpMethod.Get, "/api/v1/objects/" + oid);
        Assert.Equal((status, "oid"), (problem.Status, problem.Field));
    }

    [Fact]
    public async Task Object_that_is_too_large_is_refused()
    {
        byte[] content = new byte[Limits.ObjectBytesMax + 1];
        await using ApiServer server = await ApiServer.StartAsync(objects: new MemoryObjectStore([new(Stored, new GitObject(ObjectType.Blob, content))]));
        Problem problem = await server.RefusedAsync(HttpMethod.Get, $"/api/v1/objects/{Stored}");
        Assert.Equal((422, "too-large"), (problem.Status, problem.Kind));
    }

    private static Task<ApiServer> StartAsync() =>
        ApiServer.StartAsync(objects: new MemoryObjectStore([new(Stored, new GitObject(ObjectType.Blob, Content))]));
}
