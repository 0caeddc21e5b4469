using System.Text;
using Actors.Git.Objects;
using Actors.Git.Remotes;
using Actors.Web.Access;
using Microsoft.AspNetCore.Http;

namespace Actors.Web.Api;

/// <summary>Whether the process lives, and whether it can work: for supervisors, at every address, without a token.</summary>
internal static class HealthEndpoints
{
    private static readonly RepositoryUrl AnyRepository = RepositoryUrl.Parse("https://example.org/actors/health");

    public static void Map(ApiRoutes routes)
    {
        routes.Get("/health/live", call => SayAsync(call, null), AccessScope.None, WebParts.None);
        routes.Get("/health/ready", async call => await SayAsync(call, await ReasonNotReadyAsync(call).ConfigureAwait(false)).ConfigureAwait(false), AccessScope.None, WebParts.None);
    }

    /// <summary>Asks board and stores a question whose answer costs nothing.</summary>
    private static async Task<string?> ReasonNotReadyAsync(ApiCall call)
    {
        if (call.Routes.Options.NotReady() is { } reason)
        {
            return reason;
        }

        using CancellationTokenSource time = new(Limits.ReadinessTimeMax, call.Clock);
        using CancellationTokenSource ends = CancellationTokenSource.CreateLinkedTokenSource(call.Token, time.Token);
        string asked = "the engine";
        try
        {
            _ = await call.Board.ListSilosAsync(ends.Token).ConfigureAwait(false);
            asked = "the head store";
            _ = await call.Engine.Heads.FindAsync([AnyRepository], ends.Token).ConfigureAwait(false);
            asked = "the object store";
            await call.Engine.Objects.ContainsAsync(new Oid[1], new bool[1], ends.Token).ConfigureAwait(false);
            return null;
        }
        catch (OperationCanceledException) when (!call.Token.IsCancellationRequested)
        {
            return $"{asked} does not answer";
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            // Whatever it is: what fails a look-up cannot work.
            return $"{asked} fails";
        }
    }

    private static Task SayAsync(ApiCall call, string? reason) => call.WriteBytesAsync(
        Encoding.UTF8.GetBytes((reason ?? "ok") + "\n"), "text/plain; charset=utf-8", reason is null ? StatusCodes.Status200OK : StatusCodes.Status503ServiceUnavailable);
}
