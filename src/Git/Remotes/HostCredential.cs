using System.Text;

namespace Actors.Git.Remotes;

/// <summary>A name and a password or token for one forge host. Says neither when it is written or logged.</summary>
public sealed class HostCredential
{
    private readonly string _user;
    private readonly string _password;

    public HostCredential(string user, string password)
    {
        ArgumentNullException.ThrowIfNull(user);
        ArgumentException.ThrowIfNullOrEmpty(password);
        (_user, _password) = (user, password);
    }

    /// <summary>Requests left, as the host last said; the largest number: it has said nothing.</summary>
    internal long Remaining { get; set; } = long.MaxValue;

    /// <summary>Not to be used before (UTC ticks): the host asked for patience.</summary>
    internal long AsideUntil { get; set; }

    /// <summary>When it was last used: equals take turns.</summary>
    internal long Turn { get; set; }

    /// <summary>The value of an <c>Authorization</c> header: Basic (RFC 7617), which every forge takes for git.</summary>
    internal string Header => "Basic " + Convert.ToBase64String(Encoding.UTF8.GetBytes($"{_user}:{_password}"));

    /// <summary>The value of an <c>Authorization</c> header for a forge's API, which takes tokens by a word of its own; a person's name and password stay Basic.</summary>
    /// <param name="word">As <c>Bearer</c>.</param>
    /// <param name="always">The API takes no passwords: what stands beside a name is a token too.</param>
    internal string TokenHeader(string word, bool always) => always || _user is "" or "oauth2" or "x-access-token" or "x-token-auth" ? $"{word} {_password}" : Header;

    public override string ToString() => "(a credential)";
}
