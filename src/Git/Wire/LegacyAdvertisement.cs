using System.Text;
using Actors.Git.Objects;
using Actors.Git.Refs;
using Actors.Git.Remotes;

namespace Actors.Git.Wire;

/// <summary>
/// The ref advertisement of protocol v0 and v1 (gitprotocol-pack, "Reference Discovery"): first line
/// <c>obj-id SP name NUL capabilities</c>, peeled tags as <c>name^{}</c>, then <c>shallow</c> lines. Brought into v2's
/// form line by line, so that one parser and one digest serve all versions.
/// </summary>
internal sealed class LegacyAdvertisement(int version, RefSelection refs)
{
    private readonly PktLineWriter _lines = new(4096);
    private readonly HashSet<string> _capabilities = new(StringComparer.Ordinal);
    private readonly List<Oid> _shallow = [];
    private byte[] _headTarget = [];
    private byte[] _pendingOid = [];
    private byte[] _pendingName = [];
    private bool _begun;
    private int _refs;

    /// <summary>The selected refs, as lines of an ls-refs reply.</summary>
    public ReadOnlyMemory<byte> Lines => _lines.Written;

    /// <summary>Where the remote's own history is cut.</summary>
    public IReadOnlyList<Oid> Shallow => _shallow;

    /// <summary>Whether the server advertised this capability (gitprotocol-capabilities).</summary>
    public bool Has(string capability) => _capabilities.Contains(capability);

    /// <summary>Takes one line.</summary>
    /// <exception cref="GitFormatException">It breaks the grammar, or there are more than the limits allow.</exception>
    public void Add(ReadOnlySpan<byte> payload)
    {
        ReadOnlySpan<byte> line = PktLine.WithoutLineFeed(payload);
        if (!_begun)
        {
            _begun = true;
            line = ReadCapabilities(line);
        }

        if (line.StartsWith("shallow "u8))
        {
            _shallow.Add(Oid.TryParse(line[8..], out Oid oid) ? oid : throw Broken("A shallow line has no object id."));
            CountLine();
            return;
        }

        int space = line.IndexOf((byte)' ');
        if (space is not (40 or 64) || space == line.Length - 1)
        {
            throw Broken("A line of the ref advertisement is not 'oid name'.");
        }

        CountLine();
        AddRef(line[..space], line[(space + 1)..]);
    }

    /// <summary>After the flush-pkt: the last ref is written, the profile told.</summary>
    public ServerProfile Finish()
    {
        WritePending(default);
        string? format = _capabilities.FirstOrDefault(c => c.StartsWith("object-format=", StringComparison.Ordinal))?[14..];
        string? agent = _capabilities.FirstOrDefault(c => c.StartsWith("agent=", StringComparison.Ordinal))?[6..];
        return new ServerProfile(
            version,
            CapabilityAdvertisement.ReadObjectFormat(format),
            Filter: Has("filter"),
            Shallow: Has("shallow"),
            Agent: ServerProfile.CleanAgent(agent));
    }

    private ReadOnlySpan<byte> ReadCapabilities(ReadOnlySpan<byte> line)
    {
        int nul = line.IndexOf((byte)0);
        if (nul < 0)
        {
            return line;
        }

        string[] words = Encoding.UTF8.GetString(line[(nul + 1)..]).Split(' ', StringSplitOptions.RemoveEmptyEntries);
        if (words.Length > Limits.CapabilitiesMax)
        {
            throw new GitFormatException(GitFormatError.OverLimit, $"More than {Limits.CapabilitiesMax} capabilities.");
        }

        _capabilities.UnionWith(words);
        string? symref = words.FirstOrDefault(w => w.StartsWith("symref=HEAD:", StringComparison.Ordinal));
        _headTarget = symref is null ? [] : Encoding.UTF8.GetBytes(symref[12..]);
        return line[..nul];
    }

    private void AddRef(ReadOnlySpan<byte> oidHex, ReadOnlySpan<byte> name)
    {
        if (name.EndsWith("^{}"u8))
        {
            name = name[..^3];
            if (_pendingName.Length > 0 && name.SequenceEqual(_pendingName))
            {
                WritePending(oidHex);
            }
            else if (!name.SequenceEqual("capabilities"u8) && refs.Matches(name))
            {
                throw Broken("A peeled line does not follow its tag.");
            }

            return;
        }

        WritePending(default);
        if (refs.Matches(name))
        {
            (_pendingOid, _pendingName) = (oidHex.ToArray(), name.ToArray());
        }
    }

    private void WritePending(ReadOnlySpan<byte> peeledHex)
    {
        if (_pendingName.Length > 0)
        {
            bool head = _pendingName.AsSpan().SequenceEqual("HEAD"u8);
            LsRefsReply.Append(_lines, _pendingOid, _pendingName, head ? _headTarget : default(ReadOnlySpan<byte>), peeledHex);
            _pendingName = [];
        }
    }

    private void CountLine()
    {
        if (++_refs > Limits.AdvertisedRefsMax)
        {
            throw new GitFormatException(GitFormatError.OverLimit, $"More than {Limits.AdvertisedRefsMax} refs.");
        }
    }

    private static GitFormatException Broken(string message) => new(GitFormatError.Advertisement, message);
}
