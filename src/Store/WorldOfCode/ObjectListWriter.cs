using System.IO.Compression;
using System.Text;
using Actors.Git.Objects;
using Actors.Git.Remotes;

namespace Actors.Store.WorldOfCode;

/// <summary>
/// Writes World of Code's object list: <c>repo;type;oid</c>, an object a line; gzip when the file's name ends in <c>.gz</c>.
/// For one caller at a time. Complete only when disposed.
/// </summary>
public sealed class ObjectListWriter : IAsyncDisposable
{
    private readonly Stream _output;
    private readonly byte[] _oid = new byte[Oid.HexLength];
    private RepositoryUrl _repository;
    private byte[] _name = [];

    private ObjectListWriter(Stream output) => _output = output;

    /// <summary>Makes the file, or empties it; or adds to what a stopped run wrote (gzip members follow one another).</summary>
    public static ObjectListWriter Create(string path, bool append = false)
    {
        ArgumentNullException.ThrowIfNull(path);
        FileStream file = new(path, append ? FileMode.Append : FileMode.Create, FileAccess.Write, FileShare.Read, bufferSize: 1 << 16);
        return new ObjectListWriter(path.EndsWith(".gz", StringComparison.OrdinalIgnoreCase)
            ? new BufferedStream(new GZipStream(file, CompressionLevel.Fastest), 1 << 16)
            : file);
    }

    /// <summary>
    /// World of Code's name of a repository: <c>owner_repo</c> on GitHub, <c>host_owner_repo</c> elsewhere; only the first
    /// <c>/</c> of the path is replaced, and a final <c>.git</c> dropped. Two URLs may share a name: keep the URL too.
    /// </summary>
    public static string RepositoryName(RepositoryUrl url)
    {
        string text = url.ToString();
        int start = text.IndexOf("://", StringComparison.Ordinal) + 3;
        string path = text[(text.IndexOf('/', start) + 1)..];
        path = path.EndsWith(".git", StringComparison.Ordinal) ? path[..^4] : path;
        int slash = path.IndexOf('/', StringComparison.Ordinal);
        path = slash < 0 ? path : $"{path.AsSpan(0, slash)}_{path.AsSpan(slash + 1)}";
        string host = url.Host.ToString();
        // A ';' would be a field's end.
        return (host == "github.com" ? path : $"{host}_{path}").Replace(";", "%3B", StringComparison.Ordinal);
    }

    /// <summary>Adds a line.</summary>
    public void Add(RepositoryUrl repository, Oid oid, ObjectType type)
    {
        ReadOnlySpan<byte> kind = type switch
        {
            ObjectType.Commit => ";commit;"u8,
            ObjectType.Tree => ";tree;"u8,
            ObjectType.Blob => ";blob;"u8,
            ObjectType.Tag => ";tag;"u8,
            _ => throw new ArgumentOutOfRangeException(nameof(type), type, "An object has one of four types."),
        };
        if (repository != _repository)
        {
            (_repository, _name) = (repository, Encoding.UTF8.GetBytes(RepositoryName(repository)));
        }

        oid.FormatHex(_oid);
        _output.Write(_name);
        _output.Write(kind);
        _output.Write(_oid);
        _output.WriteByte((byte)'\n');
    }

    /// <summary>Writes what is left and closes the file.</summary>
    public ValueTask DisposeAsync() => _output.DisposeAsync();
}
