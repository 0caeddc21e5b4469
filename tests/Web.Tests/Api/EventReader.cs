using Xunit;

namespace Actors.Web.Tests.Api;

/// <summary>Reads an event stream as the HTML standard says ("Server-sent events", "Interpreting an event stream"), without the server's code.</summary>
internal sealed class EventReader : IAsyncDisposable
{
    private readonly HttpResponseMessage _answer;
    private readonly StreamReader _lines;

    private EventReader(HttpResponseMessage answer, StreamReader lines) => (_answer, _lines) = (answer, lines);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public static async Task<EventReader> OpenAsync(HttpClient client, string path)
    {
        HttpResponseMessage answer = await client.GetAsync(path, HttpCompletionOption.ResponseHeadersRead, Token);
        Assert.Equal("text/event-stream", answer.Content.Headers.ContentType?.MediaType);
        Assert.True(answer.Headers.CacheControl?.NoStore);
        return new EventReader(answer, new StreamReader(await answer.Content.ReadAsStreamAsync(Token)));
    }

    /// <summary>The next event, comments passed over; null at the end.</summary>
    public async Task<Event?> NextAsync()
    {
        Event next = new("message", "", "", "");
        bool any = false;
        while (await _lines.ReadLineAsync(Token) is { } line)
        {
            if (line.Length == 0 && any)
            {
                return next;
            }

            int colon = line.IndexOf(':', StringComparison.Ordinal);
            if (colon <= 0)
            {
                continue;
            }

            string value = line[(colon + 1)..] is [' ', ..] spaced ? spaced[1..] : line[(colon + 1)..];
            any = true;
            next = line[..colon] switch
            {
                "event" => next with { Name = value },
                "id" => next with { Id = value },
                "data" => next with { Data = next.Data + value },
                "retry" => next with { Retry = value },
                _ => throw new InvalidDataException($"'{line}' is no field of an event."),
            };
        }

        Assert.False(any, "The stream ended within an event.");
        return null;
    }

    /// <summary>Reads to the next comment; an event before it is an error.</summary>
    public async Task AwaitCommentAsync()
    {
        string? line;
        while ((line = await _lines.ReadLineAsync(Token)) == "")
        {
        }

        Assert.StartsWith(":", line, StringComparison.Ordinal);
    }

    public ValueTask DisposeAsync()
    {
        _lines.Dispose();
        _answer.Dispose();
        return ValueTask.CompletedTask;
    }

    internal sealed record Event(string Name, string Id, string Data, string Retry);
}
