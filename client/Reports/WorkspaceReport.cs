using System.Text.Json;
using Actors.Sync.Workspaces;

namespace Actors.Client.Reports;

/// <summary>The report of <c>actors workspace add</c>: one JSON object a workspace, one a line, in the order in which they end.</summary>
internal sealed class WorkspaceReport : IDisposable
{
    private readonly Stream _stream;
    private readonly bool _owned;

    private WorkspaceReport(Stream stream, bool owned) => (_stream, _owned) = (stream, owned);

    /// <summary>Opens a file, or standard output for <c>-</c>.</summary>
    public static WorkspaceReport Open(string path, Terminal terminal)
    {
        try
        {
            return path == "-" ? new WorkspaceReport(terminal.Output, owned: false) : new WorkspaceReport(File.Create(path), owned: true);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new UserErrorException($"--report: cannot write '{path}': {e.Message}", e);
        }
    }

    public void Write(WorkspaceResult result)
    {
        using MemoryStream line = new();
        using (Utf8JsonWriter json = new(line, new JsonWriterOptions { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
        {
            json.WriteStartObject();
            json.WriteString("url", result.Request.Url.ToString());
            json.WriteString("wanted", result.Request.Commit ?? "HEAD");
            json.WriteString("end", NameOf(result.End));
            json.WriteString("path", result.Workspace?.Path ?? result.Request.Path);
            json.WriteString("commit", result.Workspace?.Commit.ToString());
            json.WriteNumber("entries", result.Entries);
            json.WriteNumber("bytes", result.Bytes);
            json.WriteString("error", result.Error);
            json.WriteEndObject();
        }

        line.WriteByte((byte)'\n');
        line.WriteTo(_stream);
        _stream.Flush();
    }

    public void Dispose()
    {
        if (_owned)
        {
            _stream.Dispose();
        }
    }

    private static string NameOf(WorkspaceEnd end) => end switch
    {
        WorkspaceEnd.Made => "made",
        WorkspaceEnd.PathTaken => "path-taken",
        WorkspaceEnd.BranchRefused => "branch-refused",
        WorkspaceEnd.NotFound => "not-found",
        WorkspaceEnd.RemoteFailed => "remote-failed",
        WorkspaceEnd.Unsafe => "unsafe",
        _ => "failed",
    };
}
