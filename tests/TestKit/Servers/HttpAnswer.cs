using System.Globalization;
using System.Text;

namespace Actors.TestKit.Servers;

/// <summary>Raw bytes of HTTP/1.1 answers, right ones and wrong ones.</summary>
public static class HttpAnswer
{
    /// <summary>An answer with <c>Content-Length</c>.</summary>
    /// <param name="body">The body.</param>
    /// <param name="status">Status code.</param>
    /// <param name="announced">Length to announce instead of the body's own.</param>
    /// <param name="headers">Further header lines, without line ends.</param>
    public static byte[] Of(ReadOnlySpan<byte> body, int status = 200, long? announced = null, params ReadOnlySpan<string> headers) =>
        [.. Head(status, [$"Content-Length: {(announced ?? body.Length).ToString(CultureInfo.InvariantCulture)}", .. headers]), .. body];

    /// <summary>The answer of a git server to <c>POST …/git-upload-pack</c>.</summary>
    public static byte[] UploadPackResult(ReadOnlySpan<byte> body) => Of(body, headers: "Content-Type: application/x-git-upload-pack-result");

    /// <summary>The answer of a git server to <c>GET …/info/refs?service=git-upload-pack</c>.</summary>
    public static byte[] Advertisement(ReadOnlySpan<byte> body) => Of(body, headers: "Content-Type: application/x-git-upload-pack-advertisement");

    /// <summary>A chunked answer, cut into chunks of a size.</summary>
    /// <param name="body">The body.</param>
    /// <param name="chunkBytes">Bytes of each chunk but the last.</param>
    /// <param name="ended">False leaves out the last, empty chunk.</param>
    /// <param name="headers">Further header lines.</param>
    public static byte[] Chunked(ReadOnlySpan<byte> body, int chunkBytes, bool ended = true, params ReadOnlySpan<string> headers)
    {
        MemoryStream answer = new();
        answer.Write(Head(200, ["Transfer-Encoding: chunked", .. headers]));
        for (int at = 0; at < body.Length; at += chunkBytes)
        {
            ReadOnlySpan<byte> chunk = body.Slice(at, Math.Min(chunkBytes, body.Length - at));
            answer.Write(Encoding.ASCII.GetBytes($"{chunk.Length:x}\r\n"));
            answer.Write(chunk);
            answer.Write("\r\n"u8);
        }

        answer.Write(ended ? "0\r\n\r\n"u8 : default);
        return answer.ToArray();
    }

    /// <summary>Status line, headers and the empty line.</summary>
    public static byte[] Head(int status, params ReadOnlySpan<string> headers) =>
        Encoding.Latin1.GetBytes($"HTTP/1.1 {status} Canned\r\n{string.Join("\r\n", headers)}\r\n\r\n");
}
