using System.Net;
using System.Net.Http.Headers;
using Xunit;

namespace Actors.Web.Tests.Api;

public sealed class DashboardFilesTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Root_leads_to_the_page_which_may_load_nothing_from_elsewhere()
    {
        await using ApiServer server = await ApiServer.StartAsync();
        using HttpResponseMessage page = await server.Client.GetAsync("/", Token);
        Assert.Equal("/dashboard/", page.RequestMessage!.RequestUri!.AbsolutePath);
        Assert.Equal(("text/html", "utf-8"), (page.Content.Headers.ContentType!.MediaType, page.Content.Headers.ContentType.CharSet));
        string policy = Assert.Single(page.Headers.GetValues("Content-Security-Policy"));
        Assert.StartsWith("default-src 'none'; script-src 'self';", policy, StringComparison.Ordinal);
        Assert.Equal("nosniff", Assert.Single(page.Headers.GetValues("X-Content-Type-Options")));
        Assert.Equal("DENY", Assert.Single(page.Headers.GetValues("X-Frame-Options")));
        Assert.Equal("no-referrer", Assert.Single(page.Headers.GetValues("Referrer-Policy")));
    }

    [Fact]
    public async Task Page_is_sent_once_for_each_of_its_states()
    {
        await using ApiServer server = await ApiServer.StartAsync();
        using HttpResponseMessage page = await server.Client.GetAsync("/dashboard/", Token);
        EntityTagHeaderValue tag = page.Headers.ETag!;
        using HttpRequestMessage again = new(HttpMethod.Get, "/dashboard/index.html");
        again.Headers.IfNoneMatch.Add(tag);
        using HttpResponseMessage unchanged = await server.Client.SendAsync(again, Token);
        Assert.Equal(HttpStatusCode.NotModified, unchanged.StatusCode);
        Assert.Empty(await unchanged.Content.ReadAsByteArrayAsync(Token));
        Assert.Equal("no-cache", unchanged.Headers.CacheControl?.ToString());
    }

    [Fact]
    public async Task What_is_not_embedded_is_not_found()
    {
        await using ApiServer server = await ApiServer.StartAsync();
        Assert.Equal(404, (await server.RefusedAsync(HttpMethod.Get, "/dashboard/other.html")).Status);
        Assert.Equal(404, (await server.RefusedAsync(HttpMethod.Get, "/dashboard/../Limits.cs")).Status);
        Assert.Equal(405, (await server.RefusedAsync(HttpMethod.Delete, "/dashboard/")).Status);
    }
}
