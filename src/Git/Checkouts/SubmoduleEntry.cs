namespace Actors.Git.Checkouts;

/// <summary>One submodule as <c>.gitmodules</c> tells of it (gitmodules, "DESCRIPTION"). Written by strangers: see <see cref="Refuse"/>.</summary>
/// <param name="Name">What git keeps it by; it becomes a path below <c>modules/</c>.</param>
/// <param name="Path">Where it is in the tree.</param>
/// <param name="Url">Where it comes from, as written: <see cref="Remotes.SubmoduleUrl"/> says what it means.</param>
/// <param name="Update">How <c>git submodule update</c> is to go about it, or null.</param>
public sealed record SubmoduleEntry(string Name, string? Path, string? Url, string? Update)
{
    /// <summary>
    /// Says why git would not follow it, or null: names that lead out of <c>modules/</c> (submodule-config.c, <c>check_submodule_name</c>;
    /// CVE-2018-11235), paths and URLs that a program would take for options (CVE-2018-17456), commands for <c>update</c> (CVE-2019-19604).
    /// </summary>
    public string? Refuse()
    {
        // git lets '.' and empty steps pass; nobody names a submodule so, and the folder would be another one.
        if (Name.Split('/', '\\').Any(step => step is "" or "." or "..") || Name.Any(char.IsControl))
        {
            return "has a name that leads elsewhere";
        }

        if (Path is not null && (Path.StartsWith('-') || Path.Any(char.IsControl)))
        {
            return "has a path that would be an option, or has a control character";
        }

        if (Url?.StartsWith('-') == true)
        {
            return "has a URL that would be an option";
        }

        return Update is null or "checkout" or "rebase" or "merge" or "none" ? null : "has a way of being updated that git does not take from .gitmodules";
    }
}
