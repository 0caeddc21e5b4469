using Actors.Loaders.Downloads;
using Actors.Loaders.Listings.Forges;
using Actors.Store.Listings;

namespace Actors.Loaders.Listings;

/// <summary>All listers, by the word that a source begins with.</summary>
/// <param name="client">Asks forges.</param>
/// <param name="registries">Asks distributions' archives.</param>
/// <param name="options">How.</param>
/// <param name="clock">When a repository was listed.</param>
public sealed class ListingCatalog(ListingClient client, RegistryClient registries, ListingOptions options, TimeProvider clock)
{
    /// <summary>The words.</summary>
    public static IReadOnlyList<string> Schemes { get; } = ["github", "gitlab", "gitea", "bitbucket", "cgit", "gitweb", "sourceforge", "debian", "sql"];

    /// <summary>The listing of a source.</summary>
    /// <param name="source">What.</param>
    /// <param name="query">For <c>sql:</c>, the query.</param>
    /// <param name="packagesOf">For <c>sql:</c>, the distribution whose source packages the query names; null: it gives addresses.</param>
    /// <exception cref="FormatException">It says nothing that its lister knows, for a person.</exception>
    public IListing Open(ListingSource source, string? query = null, ListingSource? packagesOf = null) => source.Scheme switch
    {
        "debian" => Debian(source.Argument, null),
        "sql" => Sql(QueryRows.Of(source.Argument, query ?? throw new FormatException("sql:CONNECTION is followed by a query, in quotes")), packagesOf),
        _ => new PagedListing(options.Api is { } api ? $"{source} at {api}" : source.ToString(), Lister(source), client, options, clock),
    };

    internal ILister Lister(ListingSource source) => source.Scheme switch
    {
        "github" => new GitHubLister(source.Argument, options.Api, options.AskParents),
        "gitlab" => new GitLabLister(source.Argument, options.Api),
        "gitea" => new GiteaLister(source.Argument, options.Api),
        "bitbucket" => new BitbucketLister(source.Argument, options.Api),
        "cgit" => new CgitLister(ForgeNames.Address(source.Argument)),
        "gitweb" => new GitwebLister(ForgeNames.Address(source.Argument)),
        "sourceforge" => new SourceForgeLister(source.Argument, options.Api),
        _ => throw new FormatException($"'{source.Scheme}:' is no lister"),
    };

    private IListing Sql(QueryRows rows, ListingSource? packagesOf) => packagesOf switch
    {
        null => new SqlListing(rows, clock),
        { Scheme: "debian", Argument: var suite } => new NamedListing(rows, names => Debian(suite, names)),
        _ => throw new FormatException("packages are looked up in debian:SUITE"),
    };

    private DebianListing Debian(string suite, IReadOnlySet<string>? names)
    {
        if (suite.Any(c => !char.IsAsciiLetterOrDigit(c) && c is not ('-' or '_' or '.' or '/')) || suite.Contains("..", StringComparison.Ordinal))
        {
            throw new FormatException($"'{suite}' is no suite");
        }

        Uri archive = options.Api ?? options.Archive(suite) ?? throw new FormatException(
            $"debian:{suite}: apt's sources on this machine name no archive; --api URL says where one is");
        return new DebianListing(suite.Trim('/'), archive, registries, names, clock);
    }
}
