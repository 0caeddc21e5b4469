using System.Diagnostics.CodeAnalysis;

namespace Actors.Git.Remotes;

/// <summary>What the URL of a submodule means (gitmodules, "submodule.&lt;name&gt;.url"; remote.c, <c>relative_url</c>). Written by strangers.</summary>
public static class SubmoduleUrl
{
    /// <summary>The repository that a submodule is of, or why git would not fetch it.</summary>
    /// <param name="super">The repository whose <c>.gitmodules</c> it is.</param>
    /// <param name="written">The URL there.</param>
    /// <param name="allowFiles">Also folders of this machine: <c>protocol.file.allow</c> is <c>always</c> (CVE-2022-39253).</param>
    /// <param name="url">The repository.</param>
    /// <param name="reason">Why not, for a person.</param>
    public static bool TryResolve(RepositoryUrl super, string written, bool allowFiles, out RepositoryUrl url, [NotNullWhen(false)] out string? reason)
    {
        url = default;
        string? resolved = written;
        if (IsRelative(written) && (resolved = Resolve(super.ToString(), written)) is null)
        {
            reason = "leads out of its host";
            return false;
        }

        // submodule-config.c, check_submodule_url: what becomes a line of a request or of a credential helper's question may hold no line feed.
        if (Uri.UnescapeDataString(resolved).Contains('\n', StringComparison.Ordinal))
        {
            reason = "has a line feed";
            return false;
        }

        if (!RepositoryUrl.TryParse(resolved, out url, out reason))
        {
            return false;
        }

        if (url.Scheme == "file" && !allowFiles)
        {
            reason = "is a folder of this machine, where git follows no .gitmodules unless protocol.file.allow is 'always'";
            return false;
        }

        return true;
    }

    private static bool IsRelative(string url) => url.StartsWith("./", StringComparison.Ordinal) || url.StartsWith("../", StringComparison.Ordinal);

    /// <summary>Null: it would take away the host too, which git lets become another one (CVE-2020-11008).</summary>
    private static string? Resolve(string super, string url)
    {
        string authority = super[..super.IndexOf('/', super.IndexOf("://", StringComparison.Ordinal) + 3)];
        while (IsRelative(url))
        {
            bool up = url[1] == '.';
            url = url[(up ? 3 : 2)..];
            if (up)
            {
                if (super.Length <= authority.Length)
                {
                    return null;
                }

                super = super[..super.LastIndexOf('/')];
            }
        }

        return url.Length > 0 && url[0] is '/' or ':' ? null : $"{super}/{url}".TrimEnd('/');
    }
}
