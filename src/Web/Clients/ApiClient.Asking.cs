using System.Net;
using System.Text.Json;
using Actors.Web.Api;

namespace Actors.Web.Clients;

/// <content>One request and its answer; what goes wrong becomes a sentence.</content>
public sealed partial class ApiClient
{
    private async Task<JsonElement> GetJsonAsync(string path, CancellationToken cancellationToken)
    {
        using HttpRequestMessage request = new(HttpMethod.Get, path);
        using HttpResponseMessage answer = await SendShortAsync(request, cancellationToken).ConfigureAwait(false);
        return await ReadAsync(answer, json => json.Clone(), cancellationToken).ConfigureAwait(false);
    }

    private async Task<IReadOnlyList<T>> ListAsync<T>(string path, string member, Func<JsonElement, T> read, CancellationToken cancellationToken)
    {
        JsonElement json = await GetJsonAsync(path, cancellationToken).ConfigureAwait(false);
        return Decoded(root => (IReadOnlyList<T>)[.. root.Items(member).Select(read)], json);
    }

    /// <summary>A request whose answer comes soon.</summary>
    private async Task<HttpResponseMessage> SendShortAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        using CancellationTokenSource time = new(Limits.AskTimeMax, _clock);
        using CancellationTokenSource ends = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, time.Token);
        try
        {
            return await SendAsync(request, HttpCompletionOption.ResponseHeadersRead, ends.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException e) when (!cancellationToken.IsCancellationRequested)
        {
            throw new ApiException($"{Address} does not answer.", isTransient: true, inner: e);
        }
    }

    private async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, HttpCompletionOption completion, CancellationToken cancellationToken)
    {
        HttpResponseMessage answer;
        try
        {
            answer = await _http.SendAsync(request, completion, cancellationToken).ConfigureAwait(false);
        }
        catch (HttpRequestException e)
        {
            throw Broken(e);
        }

        if (answer.IsSuccessStatusCode)
        {
            return answer;
        }

        using (answer)
        {
            throw await RefusalOfAsync(answer, cancellationToken).ConfigureAwait(false);
        }
    }

    private ApiException Broken(HttpRequestException e) => e.HttpRequestError switch
    {
        HttpRequestError.NameResolutionError => new ApiException($"There is no host '{_options.Address.Host}': is the address right?", isTransient: true, inner: e),
        HttpRequestError.ConnectionError => new ApiException($"No server answers at {Address} ({e.InnerException?.Message ?? e.Message}): is it running, and is the address right?", isTransient: true, inner: e),
        HttpRequestError.SecureConnectionError => new ApiException($"No secure connection to {Address}: {e.InnerException?.Message ?? e.Message}", isTransient: false, inner: e),
        HttpRequestError.InvalidResponse => new ApiException($"What answers at {Address} does not speak {_options.Address.Scheme}: is the address right?", isTransient: false, inner: e),
        _ => new ApiException($"The connection to {Address} broke ({e.InnerException?.Message ?? e.Message}).", isTransient: true, inner: e),
    };

    private async Task<ApiException> RefusalOfAsync(HttpResponseMessage answer, CancellationToken cancellationToken)
    {
        int status = (int)answer.StatusCode;
        bool isTransient = answer.StatusCode is HttpStatusCode.BadGateway or HttpStatusCode.ServiceUnavailable or HttpStatusCode.GatewayTimeout or HttpStatusCode.TooManyRequests;
        Problem? problem = answer.Content.Headers.ContentType?.MediaType == Problem.MediaType
            ? Problem.Parse(await ReadBytesAsync(answer, cancellationToken).ConfigureAwait(false))
            : null;
        string said = problem switch
        {
            null when status is >= 300 and < 400 => $"{Address} redirects to {answer.Headers.Location}: give that address.",
            null => $"{Address} answered {status} {answer.ReasonPhrase}.",
            { Status: 401 } when _options.Token is not null => $"The server at {Address} does not know this token: look into ACTORS_TOKEN or the token file.",
            { Status: 401 } => $"The server at {Address} asks for a token: set ACTORS_TOKEN, or give --token-file.",
            _ => problem.Detail,
        };
        return new ApiException(said, isTransient, problem);
    }

    private async Task<T> ReadAsync<T>(HttpResponseMessage answer, Func<JsonElement, T> read, CancellationToken cancellationToken)
    {
        if (answer.Content.Headers.ContentType?.MediaType != ApiCall.JsonType)
        {
            throw new ApiException($"{Address} answered with {answer.Content.Headers.ContentType?.MediaType ?? "something"} where JSON was asked for.", isTransient: false);
        }

        try
        {
            using JsonDocument json = JsonDocument.Parse(await ReadBytesAsync(answer, cancellationToken).ConfigureAwait(false));
            return Decoded(read, json.RootElement);
        }
        catch (JsonException e)
        {
            throw new ApiException($"{Address} answered with something that is not JSON: {e.Message}", isTransient: false, inner: e);
        }
    }

    private T Decoded<T>(Func<JsonElement, T> read, JsonElement json)
    {
        try
        {
            return read(json);
        }
        catch (Exception e) when (e is FormatException or Git.GitFormatException or InvalidOperationException or OverflowException)
        {
            throw new ApiException($"{Address} answered with something that this program does not understand: {e.Message} Is it newer?", isTransient: false, inner: e);
        }
    }

    private async Task<byte[]> ReadBytesAsync(HttpResponseMessage answer, CancellationToken cancellationToken)
    {
        try
        {
            using MemoryStream body = new();
            Stream stream = await answer.Content.ReadAsStreamAsync(cancellationToken).ConfigureAwait(false);
            byte[] buffer = new byte[1 << 16];
            int read;
            while ((read = await stream.ReadAsync(buffer, cancellationToken).ConfigureAwait(false)) > 0)
            {
                body.Write(buffer, 0, read);
                if (body.Length > Limits.AnswerBytesMax)
                {
                    throw new ApiException($"{Address} answered with more than {Limits.AnswerBytesMax} bytes.", isTransient: false);
                }
            }

            return body.ToArray();
        }
        catch (Exception e) when (e is HttpRequestException or IOException and not ApiException)
        {
            throw new ApiException($"The connection to {Address} broke ({e.Message}).", isTransient: true, inner: e);
        }
    }
}
