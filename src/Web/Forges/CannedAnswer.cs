using System.Text;

namespace Actors.Web.Forges;

/// <summary>A whole HTTP answer; or one of git's, and what is done to it.</summary>
/// <param name="Status">HTTP status.</param>
/// <param name="Body">The body, sent with its length.</param>
public sealed record CannedAnswer(int Status, ReadOnlyMemory<byte> Body = default)
{
    /// <summary>Headers to send: <c>Retry-After</c>, <c>Location</c>, <c>Content-Type</c>…</summary>
    public IReadOnlyDictionary<string, string> Headers { get; init; } = new Dictionary<string, string>();

    /// <summary>What follows the body; the length is announced only where it is the end.</summary>
    public AnswerEnd End { get; init; }

    /// <summary>git answers instead of all the above, and this is done to its answer; null: it is not asked.</summary>
    public AnswerSpoiling? OfGit { get; init; }

    /// <summary>An answer of git's, spoilt.</summary>
    public static CannedAnswer Spoilt(AnswerSpoiling spoiling) => new(200) { OfGit = spoiling };

    /// <summary>An answer with text in it and headers given as pairs.</summary>
    public static CannedAnswer Of(int status, string text = "", params ReadOnlySpan<(string Name, string Value)> headers)
    {
        Dictionary<string, string> all = new(StringComparer.OrdinalIgnoreCase) { ["Content-Type"] = "text/plain" };
        foreach ((string name, string value) in headers)
        {
            all[name] = value;
        }

        return new CannedAnswer(status, Encoding.UTF8.GetBytes(text)) { Headers = all };
    }
}
