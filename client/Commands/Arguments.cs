using System.CommandLine;
using Actors.Git.Remotes;
using Actors.Store.WorldOfCode;

namespace Actors.Client.Commands;

/// <summary>Arguments that several commands share.</summary>
internal static class Arguments
{
    /// <summary>A repository's URL, path or short form.</summary>
    public static Argument<RepositoryUrl> Url() => new("URL")
    {
        Description = "A repository: https, http, git, ssh or file URL, a path, or a short form such as gh:owner/name.",
        CustomParser = result => SharedOptions.Parsed(result, text => RepositoryUrl.Parse(ShortForms.Expand(text))),
    };
}
