using System.Text;
using Actors.Git.Remotes;
using Actors.Loaders.Downloads;
using Actors.Loaders.Listings;
using Actors.Store.Listings;
using Actors.Sync.ForgeHosts;
using Actors.TestKit.Clocks;
using Actors.TestKit.Servers;

namespace Actors.Loaders.Tests.Listings;

/// <summary>A forge on the loopback address that plays answers of a test's own making, and the client that lists it, on a clock without waits.</summary>
internal sealed class ListingBed : IAsyncDisposable
{
    private readonly RegistryClient _registries;

    public ListingBed(GitClientOptions? options = null)
    {
        FileHosts hosts = new(HostRuleBook.Presets, HostLimits.Default, Clock, new Random(1));
        Client = new ListingClient((options ?? new GitClientOptions()) with { Clock = Clock, ReadIdleTimeMax = TimeSpan.FromDays(30) }, hosts);
        _registries = new RegistryClient(new RegistryClientOptions { Clock = Clock, FileHosts = hosts, ReadIdleTimeMax = TimeSpan.FromDays(30) });
    }

    public RegistryServer Server { get; } = new();

    public HastyTimeProvider Clock { get; } = new();

    public ListingClient Client { get; }

    /// <summary>The server, as the host that a source names.</summary>
    public string Host => Server.Address.AbsoluteUri.TrimEnd('/');

    /// <summary>An answer with its headers.</summary>
    public void Put(string path, string body, params ReadOnlySpan<string> headers) => Server.PutRaw(path, HttpAnswer.Of(Encoding.UTF8.GetBytes(body), 200, null, headers));

    /// <summary>An answer that is given once.</summary>
    public void PutOnce(string path, int status, string body, params ReadOnlySpan<string> headers) =>
        Server.PutOnce(path, HttpAnswer.Of(Encoding.UTF8.GetBytes(body), status, null, headers));

    /// <summary>The <c>Link</c> header with a next page.</summary>
    public string Next(string path) => $"Link: <{Host}/first>; rel=\"first\", <{Host}{path}>; rel=\"next\"";

    public IListing Open(string source, ListingOptions? options = null) =>
        new ListingCatalog(Client, _registries, options ?? new ListingOptions(), Clock).Open(ListingSource.Parse(source));

    public IListing Open(string source, string query, string? packagesOf, ListingOptions options) => new ListingCatalog(Client, _registries, options, Clock)
        .Open(ListingSource.Parse(source), query, packagesOf is null ? null : ListingSource.Parse(packagesOf));

    /// <summary>All pages.</summary>
    public static async Task<List<ListedPage>> ReadAsync(IListing listing, string? cursor = null)
    {
        List<ListedPage> pages = [];
        await foreach (ListedPage page in listing.ReadAsync(cursor, CancellationToken.None))
        {
            pages.Add(page);
        }

        return pages;
    }

    /// <summary>The pages until a listing breaks off, and why it did.</summary>
    public static async Task<(List<ListedPage> Pages, ListingException? Failure)> TryReadAsync(IListing listing, string? cursor = null)
    {
        List<ListedPage> pages = [];
        try
        {
            await foreach (ListedPage page in listing.ReadAsync(cursor, CancellationToken.None))
            {
                pages.Add(page);
            }

            return (pages, null);
        }
        catch (ListingException e)
        {
            return (pages, e);
        }
    }

    /// <summary>All addresses, in order.</summary>
    public static string[] Urls(IEnumerable<ListedPage> pages) => [.. pages.SelectMany(page => page.Repositories).Select(one => one.Url.ToString())];

    /// <summary>All repositories, in order.</summary>
    public static ListedRepository[] All(IEnumerable<ListedPage> pages) => [.. pages.SelectMany(page => page.Repositories)];

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        _registries.Dispose();
        await Server.DisposeAsync();
    }
}
