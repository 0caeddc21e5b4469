using System.Text.Json;
using Actors.Git.Remotes;
using Microsoft.AspNetCore.Http;

namespace Actors.Web.Webhooks;

/// <summary>What a forge says about a push: which repository, by all names under which it may be scheduled.</summary>
internal static class PushMessage
{
    private static readonly string[] EventHeaders = ["X-GitHub-Event", "X-Forgejo-Event", "X-Gitea-Event", "X-Gitlab-Event"];

    /// <summary>Whether the event changes refs. Others are heard and passed over.</summary>
    public static bool ChangesRefs(IHeaderDictionary headers) =>
        EventHeaders.Select(name => headers[name].ToString()).FirstOrDefault(text => text.Length > 0) is "push" or "create" or "delete" or "Push Hook" or "Tag Push Hook";

    /// <summary>
    /// The repository's URLs: <c>repository.clone_url</c> and <c>html_url</c> (GitHub, Gitea, Forgejo), <c>project.git_http_url</c> and <c>web_url</c> (GitLab), each
    /// with and without <c>.git</c>.
    /// </summary>
    /// <exception cref="FormatException">Not JSON, or it names no repository.</exception>
    public static IReadOnlyList<RepositoryUrl> Read(ReadOnlyMemory<byte> body)
    {
        HashSet<RepositoryUrl> urls = [];
        try
        {
            using JsonDocument json = JsonDocument.Parse(body);
            if (json.RootElement.ValueKind == JsonValueKind.Object)
            {
                foreach ((string of, string name) in (ReadOnlySpan<(string, string)>)[("repository", "clone_url"), ("repository", "html_url"), ("project", "git_http_url"), ("project", "web_url")])
                {
                    if (json.RootElement.TryGetProperty(of, out JsonElement about) && about.ValueKind == JsonValueKind.Object
                        && about.TryGetProperty(name, out JsonElement url) && url.ValueKind == JsonValueKind.String)
                    {
                        Add(urls, url.GetString()!);
                    }
                }
            }
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            throw new FormatException("The body is not JSON.", e);
        }

        return urls.Count > 0 ? [.. urls] : throw new FormatException("The body names no repository.");
    }

    private static void Add(HashSet<RepositoryUrl> urls, string text)
    {
        string bare = text.EndsWith(".git", StringComparison.Ordinal) ? text[..^4] : text;
        foreach (string form in (ReadOnlySpan<string>)[bare, bare + ".git"])
        {
            if (RepositoryUrl.TryParse(form, out RepositoryUrl url, out _) && url.Scheme is "http" or "https")
            {
                urls.Add(url);
            }
        }
    }
}
