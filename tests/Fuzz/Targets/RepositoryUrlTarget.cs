using Actors.Git;
using Actors.Git.Remotes;

namespace Actors.Fuzz.Targets;

/// <summary>A line of a list as a URL: a reason or a URL, never an exception; the canonical form reads back as itself and names no credential.</summary>
public sealed class RepositoryUrlTarget : IFuzzTarget
{
    public string Name => "repository-url";

    public IEnumerable<byte[]> Seeds =>
    [
        "https://User:secret@Example.ORG:443/group/one.git/?q=1#f"u8.ToArray(),
        "git@example.org:group/one.git"u8.ToArray(),
        "ssh://git@example.org:2222/~/one"u8.ToArray(),
        "git://[2001:db8::1]:9418/one"u8.ToArray(),
        "file:///srv/one%20two.git"u8.ToArray(),
        "/srv/../one.git"u8.ToArray(),
        "https://b\u00fccher.example/one"u8.ToArray(),
    ];

    public IEnumerable<byte[]> Dictionary =>
        ["://"u8.ToArray(), "@"u8.ToArray(), "%2e%2e"u8.ToArray(), "/.."u8.ToArray(), "[::1]"u8.ToArray(), "ext::"u8.ToArray(), "-oProxyCommand="u8.ToArray(), "xn--"u8.ToArray(), ":99999"u8.ToArray(), "\\"u8.ToArray(), "\0"u8.ToArray()];

    public int Iterations => 20_000;

    public void Run(ReadOnlySpan<byte> input)
    {
        string text = System.Text.Encoding.UTF8.GetString(input);
        if (!RepositoryUrl.TryParse(text, out RepositoryUrl url, out string? reason))
        {
            Check(!string.IsNullOrEmpty(reason), "a refusal has a reason", text);
            // Told to the harness as bad bytes: each reason is a way to end, from which it goes on.
            throw new GitFormatException(GitFormatError.Advertisement, reason!);
        }

        string canonical = url.ToString();
        Check(RepositoryUrl.TryParse(canonical, out RepositoryUrl again, out _) && again.ToString() == canonical, "the canonical form reads back as itself", text);
        Check(again.Host == url.Host && ForgeHost.Parse(url.Host.ToString()) == url.Host, "the host reads back", text);
        Check(!canonical.Any(char.IsControl) && !canonical.Contains(' ', StringComparison.Ordinal), "it is one word", text);
    }

    private static void Check(bool holds, string what, string text)
    {
        if (!holds)
        {
            throw new InvalidOperationException($"Not so for '{text}': {what}.");
        }
    }
}
