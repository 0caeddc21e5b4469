using System.Globalization;
using System.Text;

namespace Actors.Web.Api;

/// <summary>Writes server-sent events (HTML standard, "Server-sent events", "Parsing an event stream"); each is flushed.</summary>
internal sealed class EventWriter(Stream stream)
{
    private static readonly byte[] Comment = ": still here\n\n"u8.ToArray();

    /// <summary>One event.</summary>
    /// <param name="name">Its type.</param>
    /// <param name="id">Comes back as Last-Event-ID.</param>
    /// <param name="data">UTF-8 without line ends, as compact JSON has none.</param>
    public async Task WriteAsync(string name, string id, ReadOnlyMemory<byte> data, CancellationToken cancellationToken)
    {
        await stream.WriteAsync(Encoding.UTF8.GetBytes($"event: {name}\nid: {id}\ndata: "), cancellationToken).ConfigureAwait(false);
        await stream.WriteAsync(data, cancellationToken).ConfigureAwait(false);
        await stream.WriteAsync("\n\n"u8.ToArray(), cancellationToken).ConfigureAwait(false);
        await stream.FlushAsync(cancellationToken).ConfigureAwait(false);
    }

    /// <summary>A line that means nothing: proxies and clients see that the stream lives.</summary>
    public async Task WriteCommentAsync(CancellationToken cancellationToken)
    {
        await stream.WriteAsync(Comment, cancellationToken).ConfigureAwait(false);
        await stream.FlushAsync(cancellationToken).ConfigureAwait(false);
    }

    /// <summary>How long a browser waits before it comes again.</summary>
    public async Task WriteRetryAsync(TimeSpan retry, CancellationToken cancellationToken)
    {
        await stream.WriteAsync(Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"retry: {retry.TotalMilliseconds:0}\n\n")), cancellationToken).ConfigureAwait(false);
        await stream.FlushAsync(cancellationToken).ConfigureAwait(false);
    }
}
