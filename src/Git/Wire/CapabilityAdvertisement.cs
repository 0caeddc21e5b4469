using System.Text;
using Actors.Git.Refs;
using Actors.Git.Remotes;

namespace Actors.Git.Wire;

/// <summary>
/// v2's capability advertisement (gitprotocol-v2, "Capability Advertisement"): <c>version 2</c>, then lines of
/// <c>key[=value]</c>, then a flush-pkt. Unknown ones are ignored.
/// </summary>
internal sealed class CapabilityAdvertisement
{
    private readonly Dictionary<string, string> _capabilities = new(StringComparer.Ordinal);

    /// <summary>Takes one line after <c>version 2</c>.</summary>
    /// <exception cref="GitFormatException">More than the limit allows.</exception>
    public void Add(ReadOnlySpan<byte> line)
    {
        if (_capabilities.Count >= Limits.CapabilitiesMax)
        {
            throw new GitFormatException(GitFormatError.OverLimit, $"More than {Limits.CapabilitiesMax} capabilities.");
        }

        string text = Encoding.UTF8.GetString(PktLine.WithoutLineFeed(line));
        int equals = text.IndexOf('=', StringComparison.Ordinal);
        _capabilities[equals < 0 ? text : text[..equals]] = equals < 0 ? "" : text[(equals + 1)..];
    }

    /// <summary>What the lines say. The server can ls-refs and fetch, or is of no use to us.</summary>
    public ServerProfile ToProfile()
    {
        if (!_capabilities.TryGetValue("ls-refs", out string? lsRefs) || !_capabilities.TryGetValue("fetch", out string? fetch))
        {
            throw new RemoteFailureException(RemoteFailureKind.Unsupported, "The server speaks protocol v2 without ls-refs and fetch.");
        }

        string[] features = fetch.Split(' ');
        return new ServerProfile(
            2,
            ReadObjectFormat(_capabilities.GetValueOrDefault("object-format")),
            Filter: features.Contains("filter"),
            Shallow: features.Contains("shallow"),
            WaitForDone: features.Contains("wait-for-done"),
            Unborn: lsRefs.Split(' ').Contains("unborn"),
            Agent: ServerProfile.CleanAgent(_capabilities.GetValueOrDefault("agent")));
    }

    /// <summary>The value of <c>object-format</c>; without it, SHA-1 (gitprotocol-v2, "object-format").</summary>
    public static ObjectFormat ReadObjectFormat(string? value) => value switch
    {
        null or "sha1" => ObjectFormat.Sha1,
        "sha256" => ObjectFormat.Sha256,
        _ => throw new RemoteFailureException(RemoteFailureKind.Unsupported, "The repository's object format is neither sha1 nor sha256."),
    };
}
