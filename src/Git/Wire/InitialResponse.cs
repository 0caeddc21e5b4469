using Actors.Git.Refs;
using Actors.Git.Remotes;

namespace Actors.Git.Wire;

/// <summary>
/// What a server says first, in whatever version: to <c>GET info/refs</c> (gitprotocol-http, "Smart Server Response";
/// gitprotocol-v2, "HTTP Transport") or when a connection opens (gitprotocol-pack, "git Transport"). Fed line by line.
/// </summary>
internal sealed class InitialResponse(RefSelection refs)
{
    private CapabilityAdvertisement? _v2;
    private LegacyAdvertisement? _legacy;
    private bool _inServiceHeader;

    /// <summary>After the last line: what the server can do.</summary>
    public ServerProfile? Profile { get; private set; }

    /// <summary>The refs, when it was a v0 or v1 answer.</summary>
    public LegacyAdvertisement? Legacy => _legacy;

    /// <summary>Takes one line; true when it was the last.</summary>
    /// <exception cref="GitFormatException">It is none of an advertisement.</exception>
    /// <exception cref="RemoteFailureException">An error-line, or a server that we cannot use.</exception>
    public bool Add(PktLineKind kind, ReadOnlySpan<byte> payload)
    {
        if (kind == PktLineKind.Flush)
        {
            return TakeFlush();
        }

        if (kind != PktLineKind.Data)
        {
            throw new GitFormatException(GitFormatError.Advertisement, "A special pkt-line inside the advertisement.");
        }

        if (RemoteMessage.IsError(payload, out ReadOnlySpan<byte> words))
        {
            throw new RemoteFailureException(RemoteMessage.Classify(words));
        }

        if (_v2 is null && _legacy is null)
        {
            TakeFirst(payload);
        }
        else
        {
            _v2?.Add(payload);
            _legacy?.Add(payload);
        }

        return false;
    }

    /// <summary>Reads a whole answer in memory.</summary>
    /// <exception cref="GitFormatException">It is no advertisement, or ends early.</exception>
    public static InitialResponse Parse(ReadOnlySpan<byte> bytes, RefSelection refs)
    {
        InitialResponse response = new(refs);
        while (true)
        {
            int length = PktLine.Read(bytes, out PktLineKind kind, out ReadOnlySpan<byte> payload);
            if (length == 0)
            {
                throw new GitFormatException(GitFormatError.Truncated, "The advertisement ends before its flush-pkt.");
            }

            if (response.Add(kind, payload))
            {
                return response;
            }

            bytes = bytes[length..];
        }
    }

    private void TakeFirst(ReadOnlySpan<byte> payload)
    {
        ReadOnlySpan<byte> line = PktLine.WithoutLineFeed(payload);
        if (line.StartsWith("# service="u8) && !_inServiceHeader)
        {
            _inServiceHeader = line[10..].SequenceEqual("git-upload-pack"u8)
                ? true
                : throw new GitFormatException(GitFormatError.Advertisement, "The advertisement is of another service.");
        }
        else if (line.SequenceEqual("version 2"u8))
        {
            _v2 = new CapabilityAdvertisement();
        }
        else if (line.SequenceEqual("version 1"u8))
        {
            _legacy = new LegacyAdvertisement(1, refs);
        }
        else
        {
            _legacy = new LegacyAdvertisement(0, refs);
            _legacy.Add(payload);
        }
    }

    private bool TakeFlush()
    {
        if (_inServiceHeader && _v2 is null && _legacy is null)
        {
            _inServiceHeader = false;
            return false;
        }

        // Old servers say nothing of an empty repository but the flush-pkt.
        Profile = _v2?.ToProfile() ?? (_legacy ??= new LegacyAdvertisement(0, refs)).Finish();
        return true;
    }
}
