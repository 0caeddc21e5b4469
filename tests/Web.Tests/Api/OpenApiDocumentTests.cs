using System.Text.Json;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Routing;
using Xunit;

namespace Actors.Web.Tests.Api;

public sealed partial class OpenApiDocumentTests
{
    private static readonly string[] Methods = ["get", "put", "post", "delete", "patch", "head", "options"];

    [Fact]
    public async Task Document_has_every_endpoint_and_no_other()
    {
        await using ApiServer server = await ApiServer.StartAsync();
        JsonElement document = await server.GetAsync("/openapi/v1.json");
        string[] mapped =
        [
            .. server.Server.Endpoints
                .Where(e => !e.RoutePattern.RawText!.StartsWith("/dashboard", StringComparison.Ordinal) && e.RoutePattern.RawText != "/")
                .SelectMany(e => e.Metadata.GetRequiredMetadata<HttpMethodMetadata>().HttpMethods.Select(m => $"{m.ToLowerInvariant()} {e.RoutePattern.RawText}"))
                .Order(StringComparer.Ordinal),
        ];
        string[] described =
        [
            .. document.GetProperty("paths").EnumerateObject()
                .SelectMany(path => path.Value.EnumerateObject().Where(m => Methods.Contains(m.Name)).Select(m => $"{m.Name} {path.Name}"))
                .Order(StringComparer.Ordinal),
        ];
        Assert.Equal(mapped, described);
        Assert.Equal("3.1.0", document.GetProperty("openapi").GetString());
    }

    [Fact]
    public async Task References_lead_somewhere_and_path_parameters_are_described()
    {
        await using ApiServer server = await ApiServer.StartAsync();
        JsonElement document = await server.GetAsync("/openapi/v1.json");
        foreach (Match match in Reference().Matches(document.GetRawText()))
        {
            JsonElement at = document;
            foreach (string step in match.Groups[1].Value.Split('/'))
            {
                Assert.True(at.TryGetProperty(step, out at), $"{match.Value} leads nowhere.");
            }
        }

        foreach (JsonProperty path in document.GetProperty("paths").EnumerateObject())
        {
            foreach (JsonProperty operation in path.Value.EnumerateObject())
            {
                string[] declared = operation.Value.TryGetProperty("parameters", out JsonElement parameters)
                    ? [.. parameters.EnumerateArray().Where(p => p.GetProperty("in").GetString() == "path").Select(p => p.GetProperty("name").GetString()!)]
                    : [];
                Assert.Equal(PathParameter().Matches(path.Name).Select(m => m.Groups[1].Value), declared);
            }
        }
    }

    [Theory]
    [InlineData("/api/v1/campaigns?unknown=1", "/api/v1/campaigns", "get")]
    [InlineData("/api/v1/repositories?unknown=1", "/api/v1/repositories", "get")]
    [InlineData("/api/v1/repositories/heads?unknown=1", "/api/v1/repositories/heads", "get")]
    [InlineData("/api/v1/repositories/visits?unknown=1", "/api/v1/repositories/visits", "get")]
    [InlineData("/api/v1/troubles?unknown=1", "/api/v1/troubles", "get")]
    [InlineData("/api/v1/campaigns?unknown=1", "/api/v1/campaigns", "post")]
    public async Task Query_parameters_are_those_that_are_taken(string request, string path, string method)
    {
        await using ApiServer server = await ApiServer.StartAsync();
        string detail = (await server.RefusedAsync(new HttpMethod(method.ToUpperInvariant()), request, method == "post" ? ApiServer.Text("x\n") : null)).Detail;
        IEnumerable<string?> described = (await server.GetAsync("/openapi/v1.json")).GetProperty("paths").GetProperty(path).GetProperty(method)
            .GetProperty("parameters").EnumerateArray().Where(p => p.GetProperty("in").GetString() == "query").Select(p => p.GetProperty("name").GetString());
        Assert.EndsWith($"Known: {string.Join(", ", described)}.", detail, StringComparison.Ordinal);
    }

    [GeneratedRegex("\"#/([A-Za-z/]+)\"")]
    private static partial Regex Reference();

    [GeneratedRegex(@"\{(\w+)\}")]
    private static partial Regex PathParameter();
}
