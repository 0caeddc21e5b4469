using System.Reflection;
using System.Security.Cryptography;
using Actors.Web.Access;
using Microsoft.AspNetCore.Http;

namespace Actors.Web.Api;

/// <summary>
/// The pages of <c>src/Web/Dashboard</c>, embedded in this assembly. They hold nothing secret, so they need no token; what they show they
/// ask of the API, which does.
/// </summary>
internal static class DashboardFiles
{
    private const string Folder = "dashboard/";
    private const string Index = "index.html";

    /// <summary>Everything from here, nothing inline, nobody's frame (Content Security Policy Level 3); no string becomes HTML (Trusted Types).</summary>
    private const string ContentPolicy = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; connect-src 'self'; "
        + "manifest-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types 'none'";

    public static void Map(ApiRoutes routes)
    {
        routes.Get("/", ToDashboardAsync, AccessScope.None, WebParts.Dashboard);
        foreach (string name in typeof(DashboardFiles).Assembly.GetManifestResourceNames().Where(n => n.StartsWith(Folder, StringComparison.Ordinal)))
        {
            string path = name[Folder.Length..];
            ApiHandler handler = Serve(name);
            routes.Get("/dashboard/" + path, handler, AccessScope.None, WebParts.Dashboard);
            if (path == Index)
            {
                // One route for both: routing does not look at a slash at the end, but a page's own links do.
                routes.Get("/dashboard", call => call.Request.Path.Value!.EndsWith('/') ? handler(call) : ToDashboardAsync(call), AccessScope.None, WebParts.Dashboard);
            }
        }
    }

    /// <summary>The type by the name's end; null: not to be embedded.</summary>
    internal static string? TypeOf(string name) => Path.GetExtension(name) switch
    {
        ".html" => "text/html; charset=utf-8",
        ".css" => "text/css; charset=utf-8",
        ".js" => "text/javascript; charset=utf-8",
        ".json" => "application/json",
        ".svg" => "image/svg+xml",
        ".png" => "image/png",
        ".ico" => "image/x-icon",
        ".woff2" => "font/woff2",
        ".webmanifest" => "application/manifest+json",
        _ => null,
    };

    private static Task ToDashboardAsync(ApiCall call)
    {
        call.Response.Redirect("/dashboard/");
        return Task.CompletedTask;
    }

    private static ApiHandler Serve(string name)
    {
        byte[] content = Read(name);
        string type = TypeOf(name) ?? throw new InvalidOperationException($"'{name}' has no known type.");
        string tag = $"\"{Convert.ToHexStringLower(SHA256.HashData(content).AsSpan(0, 12))}\"";
        return async call =>
        {
            call.Response.Headers.ContentSecurityPolicy = ContentPolicy;
            call.Response.Headers.CacheControl = "no-cache";
            call.Response.Headers.ETag = tag;
            if (call.Request.Headers.IfNoneMatch.Any(tags => tags is not null && tags.Contains(tag, StringComparison.Ordinal)))
            {
                call.Response.StatusCode = StatusCodes.Status304NotModified;
                return;
            }

            await call.WriteBytesAsync(content, type).ConfigureAwait(false);
        };
    }

    private static byte[] Read(string name)
    {
        using Stream stream = Assembly.GetExecutingAssembly().GetManifestResourceStream(name)!;
        byte[] content = new byte[stream.Length];
        stream.ReadExactly(content);
        return content;
    }
}
