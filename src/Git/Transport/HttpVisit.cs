using System.Net;
using Actors.Git.Remotes;

namespace Actors.Git.Transport;

/// <summary>What one probe or fetch has done over HTTP so far: where it stands after redirects, and what it cost.</summary>
internal sealed class HttpVisit(RepositoryUrl url, int redirectsMax)
{
    private bool _onlyPermanent = true;

    /// <summary>Where the repository is asked now.</summary>
    public RepositoryUrl Url { get; private set; } = url;

    /// <summary>Where permanent redirects led, as long as no temporary one came before.</summary>
    public RepositoryUrl? MovedTo { get; private set; }

    /// <summary>Whether a remote, and not the caller, chose <see cref="Url"/>.</summary>
    public bool IsRedirected => Redirects > 0;

    public int Redirects { get; private set; }

    /// <summary>Led to another host, now or before: no credential goes there.</summary>
    public bool LeftHost { get; private set; }

    /// <summary>What the host last said is left of its budget.</summary>
    public RateLimit? RateLimit { get; set; }

    public int Requests { get; set; }

    public long BytesReceived { get; set; }

    /// <summary>
    /// Goes where a redirect of <paramref name="asked"/> leads: the same service of another repository URL
    /// (gitprotocol-http, "Session State"; git's own client demands the same tail). Null when that was done.
    /// </summary>
    public RemoteFailure? Follow(HttpStatusCode status, Uri asked, Uri? location, string serviceTail)
    {
        if (location is null || !Uri.TryCreate(asked, location, out Uri? target))
        {
            return Bad("without a Location that could be");
        }

        if (target.Scheme != "https" && target.Scheme != asked.Scheme)
        {
            return Bad($"from {asked.Scheme} to {target.Scheme}");
        }

        string text = target.GetComponents(UriComponents.SchemeAndServer | UriComponents.PathAndQuery, UriFormat.UriEscaped);
        if (!text.EndsWith(serviceTail, StringComparison.Ordinal)
            || !RepositoryUrl.TryParse(text[..^serviceTail.Length], out RepositoryUrl next, out _))
        {
            return Bad("to a page that is no git repository");
        }

        if (++Redirects > redirectsMax)
        {
            return new RemoteFailure(RemoteFailureKind.BadRedirect, $"More than {redirectsMax} redirects.", (int)status);
        }

        _onlyPermanent &= status is HttpStatusCode.MovedPermanently or HttpStatusCode.PermanentRedirect;
        MovedTo = _onlyPermanent ? next : MovedTo;
        LeftHost |= next.Host != Url.Host || next.Scheme != Url.Scheme;
        Url = next;
        return null;

        RemoteFailure Bad(string what) => new(RemoteFailureKind.BadRedirect, $"A redirect {what}.", (int)status);
    }
}
