using Actors.Git;
using Actors.Git.Lfs;

namespace Actors.Fuzz.Targets;

/// <summary>What others say about large files: pointers in repositories, batches from servers and from clients.</summary>
public sealed class LfsTarget : IFuzzTarget
{
    private static readonly LfsObject One = new(LfsOid.Of("1"u8), 123);
    private static readonly LfsObject Two = new(LfsOid.Of("2"u8), 321);
    private static readonly Uri Server = new("https://forge.example/a.git/info/lfs");

    public string Name => "lfs";

    public IEnumerable<byte[]> Seeds =>
    [
        new LfsPointer { Object = One }.Encode(),
        new LfsPointer { Object = One, Extensions = [new("ext-0-foo", $"sha256:{Two.Oid}")] }.Encode(),
        LfsBatchCodec.EncodeRequest(new LfsBatchRequest("download", ["basic"], [One, Two])),
        LfsBatchCodec.EncodeReply(
        [
            new LfsBatchObject(One, new LfsAction(new Uri("https://a.example/x?y"), [new("Authorization", "Bearer b")], new DateTimeOffset(2026, 1, 2, 3, 4, 5, TimeSpan.Zero)), null),
            new LfsBatchObject(Two, null, new LfsObjectError(404, "no")),
        ]),
    ];

    public IEnumerable<byte[]> Dictionary =>
    [
        "ext-0-"u8.ToArray(), "size "u8.ToArray(), "oid sha256:"u8.ToArray(), "\"expires_in\":"u8.ToArray(), "\"_links\":"u8.ToArray(), "\"header\":{"u8.ToArray(),
        "\"actions\":{\"download\":{\"href\":"u8.ToArray(), "\"transfer\":"u8.ToArray(), "\\ud800"u8.ToArray(), "null"u8.ToArray(), "-1"u8.ToArray(), "1e999"u8.ToArray(), "file:///"u8.ToArray(), "[["u8.ToArray(),
    ];

    public void Run(ReadOnlySpan<byte> input)
    {
        if (LfsPointer.TryParse(input, out LfsPointer? pointer) && (!LfsPointer.TryParse(pointer.Encode(), out LfsPointer? again) || again.Object != pointer.Object))
        {
            throw new InvalidOperationException("A pointer that was read is not read again.");
        }

        byte[] bytes = input.ToArray();
        try
        {
            LfsBatchRequest request = LfsBatchCodec.DecodeRequest(bytes);
            if (!LfsBatchCodec.DecodeRequest(LfsBatchCodec.EncodeRequest(request)).Objects.SequenceEqual(request.Objects))
            {
                throw new InvalidOperationException("A request that was read is not read again.");
            }
        }
        catch (GitFormatException)
        {
            // It may be a reply.
        }

        foreach (LfsBatchObject answer in LfsBatchCodec.DecodeReply(bytes, Server, [One, Two], DateTimeOffset.UnixEpoch))
        {
            if (answer.Download is { } download && (download.Address.Scheme != "https" || download.Address.UserInfo.Length > 0))
            {
                throw new InvalidOperationException("A download leads where we do not go.");
            }
        }
    }
}
