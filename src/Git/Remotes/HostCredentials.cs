using System.Collections.Concurrent;
using Actors.Git.Transport;

namespace Actors.Git.Remotes;

/// <summary>
/// Credentials by forge host, from the environment, a netrc file, or git's credential helpers. Nobody is ever prompted; none is
/// ever logged; one that a host refused is not sent again. Several for one host are rotated by what the host says is left of each.
/// One for a process; safe for calls at once.
/// </summary>
public sealed class HostCredentials
{
    private readonly HostCredentialsOptions _options;
    private readonly TimeProvider _clock;
    private readonly Lazy<IReadOnlyDictionary<string, HostCredential>> _netrc;
    private readonly ConcurrentDictionary<ForgeHost, Lazy<List<HostCredential>>> _known = new();
    private readonly ConcurrentDictionary<ForgeHost, Lazy<Task<HostCredential?>>> _asked = new();
    private long _turn;

    public HostCredentials(HostCredentialsOptions options, TimeProvider clock)
    {
        ArgumentNullException.ThrowIfNull(options);
        (_options, _clock) = (options, clock);
        _netrc = new Lazy<IReadOnlyDictionary<string, HostCredential>>(() => Netrc.Read(options.NetrcPath));
    }

    /// <summary>Credentials known for a host now, without asking a helper.</summary>
    public int Count(ForgeHost host)
    {
        List<HostCredential> known = Known(host);
        lock (known)
        {
            return known.Count;
        }
    }

    /// <summary>The one with most left, or null: none, or all are to rest.</summary>
    internal HostCredential? Pick(ForgeHost host)
    {
        List<HostCredential> known = Known(host);
        if (known.Count == 0)
        {
            return null;
        }

        long now = _clock.GetUtcNow().UtcTicks;
        lock (known)
        {
            HostCredential? best = null;
            foreach (HostCredential credential in known)
            {
                if (credential.AsideUntil <= now
                    && (best is null || credential.Remaining > best.Remaining || (credential.Remaining == best.Remaining && credential.Turn < best.Turn)))
                {
                    best = credential;
                }
            }

            if (best is not null)
            {
                best.Turn = Interlocked.Increment(ref _turn);
            }

            return best;
        }
    }

    /// <summary>Asks git's helpers, once a host and process; true when they gave one.</summary>
    internal async ValueTask<bool> AskAsync(RepositoryUrl url, CancellationToken cancellationToken)
    {
        if (_options.HelperProgram is not { } program || _asked.ContainsKey(url.Host))
        {
            return false;
        }

        Lazy<Task<HostCredential?>> mine = new(() => CredentialQuestion.AskAsync(program, url, _options.HelperTimeMax, _clock, cancellationToken));
        if (_asked.GetOrAdd(url.Host, mine) != mine || await mine.Value.ConfigureAwait(false) is not { } given)
        {
            return false;
        }

        List<HostCredential> known = Known(url.Host);
        lock (known)
        {
            known.Add(given);
        }

        return true;
    }

    /// <summary>The host did not take it: never again. Some forges shut out an address that sends bad ones.</summary>
    internal void Refuse(ForgeHost host, HostCredential credential)
    {
        List<HostCredential> known = Known(host);
        lock (known)
        {
            known.Remove(credential);
        }
    }

    /// <summary>What the host said of it; true when it is to rest and another is ready.</summary>
    internal bool Observe(ForgeHost host, HostCredential credential, RateLimit? said, TimeSpan? rest)
    {
        List<HostCredential> known = Known(host);
        lock (known)
        {
            credential.Remaining = said?.Remaining ?? credential.Remaining;
            if (rest is not { } time)
            {
                return false;
            }

            long now = _clock.GetUtcNow().UtcTicks;
            credential.AsideUntil = now + time.Ticks;
            return known.Exists(other => other.AsideUntil <= now);
        }
    }

    private List<HostCredential> Known(ForgeHost host) =>
        _known.TryGetValue(host, out Lazy<List<HostCredential>>? known) ? known.Value : _known.GetOrAdd(host, h => new(() => Look(h))).Value;

    private List<HostCredential> Look(ForgeHost host)
    {
        string name = host.ToString();
        string variable = "ACTORS_TOKEN_" + new string([.. name.ToUpperInvariant().Select(c => char.IsAsciiLetterOrDigit(c) ? c : '_')]);
        string? tokens = _options.Environment?.Invoke(variable) ?? name switch
        {
            "github.com" => _options.Environment?.Invoke("GITHUB_TOKEN"),
            "gitlab.com" => _options.Environment?.Invoke("GITLAB_TOKEN"),
            _ => null,
        };
        List<HostCredential> found = [];
        foreach (string token in tokens?.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries) ?? [])
        {
            int colon = token.IndexOf(':', StringComparison.Ordinal);
            if (colon < token.Length - 1)
            {
                found.Add(colon < 0 ? new HostCredential(UserFor(name), token) : new HostCredential(token[..colon], token[(colon + 1)..]));
            }
        }

        if (found.Count == 0 && _netrc.Value.TryGetValue(name, out HostCredential? entry))
        {
            found.Add(entry);
        }

        return found;
    }

    /// <summary>The user that each forge's documentation names for a token over git's HTTP.</summary>
    private static string UserFor(string host) => host switch
    {
        "github.com" => "x-access-token",
        "bitbucket.org" => "x-token-auth",
        _ => "oauth2",
    };
}
