using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Actors.Web.Forges;

namespace Actors.Sync.Tests.Mirrors;

/// <summary>An LFS server beside a forge's repositories: answers batches and, at an address that only a header opens, the objects.</summary>
internal sealed class LfsScript(Func<Uri> address)
{
    private readonly Dictionary<string, byte[]> _contents = [];

    /// <summary>Objects that were sent.</summary>
    public List<string> Sent { get; } = [];

    /// <summary>Answers every batch with this status.</summary>
    public int? BatchStatus { get; set; }

    /// <summary>Sends other bytes than it should.</summary>
    public bool Lies { get; set; }

    /// <summary>Keeps a content and returns its pointer.</summary>
    public string Add(string content)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(content);
        _contents[Convert.ToHexStringLower(SHA256.HashData(bytes))] = bytes;
        return PointerOf(content);
    }

    /// <summary>The pointer of a content that is not here.</summary>
    public static string PointerOf(string content)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(content);
        return $"version https://git-lfs.github.com/spec/v1\noid sha256:{OidOf(content)}\nsize {bytes.Length}\n";
    }

    public static string OidOf(string content) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(content)));

    /// <summary>For a forge's behaviour.</summary>
    public CannedAnswer? Answer(ForgeRequest request)
    {
        lock (_contents)
        {
            return request.Repository.EndsWith("/info/lfs/objects/batch", StringComparison.Ordinal) ? AnswerBatch(request.Body.Span)
                : request.Repository.StartsWith("lfs-objects/", StringComparison.Ordinal) ? AnswerObject(request)
                : null;
        }
    }

    private CannedAnswer AnswerBatch(ReadOnlySpan<byte> body)
    {
        if (BatchStatus is { } status)
        {
            return CannedAnswer.Of(status, "not now\n");
        }

        JsonArray objects = [];
        foreach (JsonNode? wanted in JsonNode.Parse(body)!["objects"]!.AsArray())
        {
            string oid = (string)wanted!["oid"]!;
            JsonObject one = new() { ["oid"] = oid, ["size"] = (long)wanted["size"]! };
            one[_contents.ContainsKey(oid) ? "actions" : "error"] = _contents.ContainsKey(oid)
                ? new JsonObject { ["download"] = new JsonObject { ["href"] = new Uri(address(), "lfs-objects/" + oid).AbsoluteUri, ["header"] = new JsonObject { ["X-Token"] = "open" } } }
                : new JsonObject { ["code"] = 404, ["message"] = "not here" };
            objects.Add(one);
        }

        byte[] reply = JsonSerializer.SerializeToUtf8Bytes(new JsonObject { ["transfer"] = "basic", ["objects"] = objects });
        return CannedAnswer.Of(200, "") with { Body = reply, Headers = new Dictionary<string, string> { ["Content-Type"] = "application/vnd.git-lfs+json" } };
    }

    private CannedAnswer AnswerObject(ForgeRequest request)
    {
        string oid = request.Repository.Split('/')[^1];
        if (request.Headers.GetValueOrDefault("X-Token") != "open")
        {
            return CannedAnswer.Of(403, "closed\n");
        }

        Sent.Add(oid);
        byte[] content = [.. _contents[oid]];
        content[0] ^= (byte)(Lies ? 1 : 0);
        return CannedAnswer.Of(200, "") with { Body = content };
    }
}
