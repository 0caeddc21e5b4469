using System.Net;
using Actors.Web.Api;
using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;

namespace Actors.Web.Access;

/// <summary>
/// Who may pass. With tokens: who bears one (a browser adds none by itself, so no foreign page can act). Without: whoever reaches the
/// server by an address or a name of its own (DNS rebinding comes by a name of somebody else), and no page of a foreign origin.
/// </summary>
internal sealed class AccessGate(AccessTokens tokens, IReadOnlyCollection<string> hostNames)
{
    private const string Realm = "Bearer realm=\"actors\"";

    /// <exception cref="RequestRefusedException">With the problem to answer.</exception>
    public void Demand(HttpContext context, AccessScope wanted)
    {
        if (wanted == AccessScope.None)
        {
            return;
        }

        if (tokens.IsOpen)
        {
            DemandOwnName(context.Request);
            DemandOwnOrigin(context.Request);
            return;
        }

        // RFC 6750, section 3: no error code where nothing was presented.
        if (BearerOf(context.Request) is not { } presented)
        {
            throw Unauthorized(context, Realm, "This server asks for a token: send the header 'Authorization: Bearer TOKEN' (console: ACTORS_TOKEN or --token-file).");
        }

        AccessScope scope = tokens.ScopeOf(presented);
        if (scope == AccessScope.None)
        {
            throw Unauthorized(context, Realm + ", error=\"invalid_token\"", "The token is not one of this server's.");
        }

        if (scope < wanted)
        {
            context.Response.Headers.WWWAuthenticate = Realm + ", error=\"insufficient_scope\", scope=\"write\"";
            throw new RequestRefusedException(new Problem(StatusCodes.Status403Forbidden, "insufficient-scope", "The token may only read: changing anything needs one of scope 'write'."));
        }
    }

    private static RequestRefusedException Unauthorized(HttpContext context, string challenge, string detail)
    {
        context.Response.Headers.WWWAuthenticate = challenge;
        return new RequestRefusedException(new Problem(StatusCodes.Status401Unauthorized, "unauthorized", detail));
    }

    private static string? BearerOf(HttpRequest request)
    {
        string? header = request.Headers.Authorization is [{ } only] ? only : null;
        return header is not null && header.StartsWith("Bearer ", StringComparison.OrdinalIgnoreCase) ? header[7..].Trim() : null;
    }

    private void DemandOwnName(HttpRequest request)
    {
        string host = request.Host.Host;
        bool isOwn = IPAddress.TryParse(host.Trim('[', ']'), out _)
            || host.Equals("localhost", StringComparison.OrdinalIgnoreCase)
            || host.EndsWith(".localhost", StringComparison.OrdinalIgnoreCase)
            || hostNames.Contains(host, StringComparer.OrdinalIgnoreCase);
        if (!isOwn)
        {
            throw new RequestRefusedException(new Problem(
                StatusCodes.Status403Forbidden, "foreign-host",
                "The Host header is no name of this server. Use its address, or start it with this name (or with tokens).") { Field = "Host" });
        }
    }

    /// <summary>Fetch standard, "Origin header" and "Sec-Fetch-Site": a browser tells where a page is from that sends a request.</summary>
    private static void DemandOwnOrigin(HttpRequest request)
    {
        bool changes = !HttpMethods.IsGet(request.Method) && !HttpMethods.IsHead(request.Method);
        string origin = request.Headers.Origin.ToString();
        bool isForeign = origin.Length > 0 && !origin.Equals($"{request.Scheme}://{request.Host}", StringComparison.OrdinalIgnoreCase);
        string site = request.Headers["Sec-Fetch-Site"].ToString();
        if (isForeign || (changes && site is "cross-site" or "same-site"))
        {
            throw new RequestRefusedException(new Problem(
                StatusCodes.Status403Forbidden, "foreign-origin",
                "A page of another origin may not use this server.") { Field = HeaderNames.Origin });
        }
    }
}
