using System.Collections.Concurrent;
using System.Text;

namespace Actors.TestKit.Servers;

/// <summary>Registries and file hosts on the loopback address: a path is an answer, what is not there is a 404.</summary>
public sealed class RegistryServer : IAsyncDisposable
{
    private readonly CannedServer _server;
    private readonly ConcurrentDictionary<string, byte[]> _answers = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, byte[]> _once = new(StringComparer.Ordinal);
    private readonly ConcurrentQueue<string> _asked = new();
    private readonly ConcurrentQueue<string> _heads = new();

    public RegistryServer() => _server = new CannedServer(Answer) { CloseAfterAnswer = true };

    public Uri Address => _server.Address;

    /// <summary>Paths asked so far, in order.</summary>
    public IReadOnlyList<string> Asked => [.. _asked];

    /// <summary>Request lines and headers so far, in order.</summary>
    public IReadOnlyList<string> Heads => [.. _heads];

    /// <summary>Answers what no path has, or null: a 404.</summary>
    public Func<string, byte[]?>? Otherwise { get; set; }

    /// <summary>Told of each request before it is answered, or null.</summary>
    public Action<string>? Asking { get; set; }

    /// <summary>Sets a path's body.</summary>
    public Uri Put(string path, byte[] body)
    {
        _answers[path] = HttpAnswer.Of(body);
        return new Uri(Address, path.TrimStart('/'));
    }

    public Uri Put(string path, string body) => Put(path, Encoding.UTF8.GetBytes(body));

    /// <summary>Sets a path's whole answer.</summary>
    public void PutRaw(string path, byte[] answer) => _answers[path] = answer;

    /// <summary>Sets the whole answer of the next request of a path.</summary>
    public void PutOnce(string path, byte[] answer) => _once[path] = answer;

    /// <summary>A path's body.</summary>
    public byte[] Body(string path) => _answers[path][(_answers[path].AsSpan().IndexOf("\r\n\r\n"u8) + 4)..];

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    private ReadOnlyMemory<byte> Answer(CannedRequest request)
    {
        string path = Encoding.ASCII.GetString(request.Target);
        bool head = request.Head.StartsWith("HEAD "u8);
        _asked.Enqueue(head ? "HEAD " + path : path);
        _heads.Enqueue(request.HeadText);
        Asking?.Invoke(path);
        if (_once.TryRemove(path, out byte[]? once))
        {
            // Nothing follows a body that is cut off.
            return once;
        }

        byte[] answer = _answers.TryGetValue(path, out byte[]? found) ? found
            : Otherwise?.Invoke(path) is { } body ? HttpAnswer.Of(body)
            : HttpAnswer.Of([], 404);
        return head ? answer.AsMemory(0, answer.AsSpan().IndexOf("\r\n\r\n"u8) + 4) : answer;
    }
}
