using System.Text;
using Actors.Git;
using Actors.Git.Objects;
using Actors.Web.Access;
using Microsoft.AspNetCore.Http;

namespace Actors.Web.Api;

/// <summary>Objects: which of many are missing, and one by its oid.</summary>
internal static class ObjectEndpoints
{
    private const string Root = "/api/v1/objects";
    private const int LookUpBatch = 10_000;

    public static void Map(ApiRoutes routes)
    {
        routes.Map(HttpMethods.Post, Root + "/missing", AccessScope.Read, WebParts.Api, streams: false, ListMissingAsync);
        routes.Get(Root + "/{oid}", ReadAsync);
    }

    /// <summary>
    /// Oids in, one a line; out those that are not here, in the same order. The question is read to its end before the answer begins: few
    /// clients read while they write.
    /// </summary>
    private static async Task ListMissingAsync(ApiCall call)
    {
        call.Query();
        Oid[] oids = ParseLines(await SmallBody.ReadBytesAsync(call, Limits.MissingBodyBytesMax).ConfigureAwait(false));
        call.Response.ContentType = "text/plain; charset=utf-8";
        bool[] present = new bool[Math.Min(oids.Length, LookUpBatch)];
        for (int from = 0; from < oids.Length; from += LookUpBatch)
        {
            int count = Math.Min(LookUpBatch, oids.Length - from);
            await call.Engine.Objects.ContainsAsync(oids.AsMemory(from, count), present.AsMemory(0, count), call.Token).ConfigureAwait(false);
            StringBuilder lines = new();
            for (int i = 0; i < count; i++)
            {
                if (!present[i])
                {
                    lines.Append(oids[from + i].ToString()).Append('\n');
                }
            }

            await call.Response.Body.WriteAsync(Encoding.ASCII.GetBytes(lines.ToString()), call.Token).ConfigureAwait(false);
        }
    }

    private static Oid[] ParseLines(byte[] body)
    {
        List<Oid> oids = [];
        ReadOnlySpan<byte> rest = body;
        while (!rest.IsEmpty)
        {
            int end = rest.IndexOf((byte)'\n');
            ReadOnlySpan<byte> line = (end < 0 ? rest : rest[..end]).TrimEnd((byte)'\r');
            if (!Oid.TryParse(line, out Oid oid))
            {
                throw RequestRefusedException.Bad("body", $"Line {oids.Count + 1} is not an oid of 40 lower-case hex digits. Send Content-Type text/plain, one oid a line.");
            }

            if (oids.Count == Limits.MissingLinesMax)
            {
                throw new RequestRefusedException(new Problem(StatusCodes.Status413PayloadTooLarge, "too-large", $"At most {Limits.MissingLinesMax} oids in one request: ask in several.") { Field = "body" });
            }

            oids.Add(oid);
            rest = end < 0 ? default : rest[(end + 1)..];
        }

        return [.. oids];
    }

    private static async Task ReadAsync(ApiCall call)
    {
        call.Query();
        if (!Oid.TryParse(call.PathText("oid"), out Oid oid))
        {
            throw RequestRefusedException.Bad("oid", "An oid has 40 lower-case hex digits.");
        }

        await call.Routes.ObjectReads.WaitAsync(call.Token).ConfigureAwait(false);
        try
        {
            GitObject found = await FindAsync(call, oid).ConfigureAwait(false);
            IHeaderDictionary headers = call.Response.Headers;
            headers["Git-Object-Type"] = found.Type.ToName();
            headers.ETag = $"\"{oid}\"";
            headers.CacheControl = "private, max-age=31536000, immutable";
            // Bytes of strangers: never shown as a page of this server.
            headers.ContentDisposition = "attachment";
            headers.ContentSecurityPolicy = "default-src 'none'; sandbox";
            await call.WriteBytesAsync(found.Content, "application/octet-stream").ConfigureAwait(false);
        }
        finally
        {
            call.Routes.ObjectReads.Release();
        }
    }

    private static async Task<GitObject> FindAsync(ApiCall call, Oid oid)
    {
        try
        {
            return await call.Engine.Objects.ReadAsync(oid, Limits.ObjectBytesMax, call.Token).ConfigureAwait(false)
                ?? throw RequestRefusedException.Unknown("oid", $"There is no object {oid} in this store.");
        }
        catch (GitFormatException e) when (e.Kind == GitFormatError.OverLimit)
        {
            throw new RequestRefusedException(new Problem(
                StatusCodes.Status422UnprocessableEntity, "too-large", $"The object has more than {Limits.ObjectBytesMax} bytes, which this API does not send: read it with git from an export.") { Field = "oid" });
        }
    }
}
