using Actors.Git.Remotes;

namespace Actors.Store.Heads.Sqlite;

/// <summary>
/// The rows of the URLs seen last, so that the visit that follows a look-up does not search again. Of fixed size; a place
/// holds the newest of the URLs that share it. A URL's row never changes, so nothing here can be out of date.
/// </summary>
internal sealed class UrlCache
{
    private readonly Entry?[] _entries = new Entry?[Limits.UrlCacheEntries];

    public long? Find(RepositoryUrl url)
    {
        string text = url.ToString();
        return Volatile.Read(ref Place(text)) is { } entry && entry.Url == text ? entry.Number : null;
    }

    public void Keep(RepositoryUrl url, long number)
    {
        string text = url.ToString();
        ref Entry? place = ref Place(text);
        if (Volatile.Read(ref place) is not { } entry || entry.Url != text)
        {
            Volatile.Write(ref place, new Entry(text, number));
        }
    }

    private ref Entry? Place(string url) =>
        ref _entries[(uint)string.GetHashCode(url, StringComparison.Ordinal) % Limits.UrlCacheEntries];

    private sealed record Entry(string Url, long Number);
}
