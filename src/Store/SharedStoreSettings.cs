using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Net;
using System.Text.Json;
using System.Text.Json.Serialization;
using Actors.Store.Blobs;
using Actors.Store.ExtIds;
using Actors.Store.Heads;
using Actors.Store.Listings;
using Actors.Store.Objects;
using Actors.Store.Postgres;

namespace Actors.Store;

/// <summary>
/// Where a shared store is: heads and catalogue in one PostgreSQL database, packs in a bucket or a shared directory, a cache on
/// this machine's disk. Passwords and keys need not be in it: PostgreSQL's (<c>PGPASSWORD</c>, <c>PGPASSFILE</c>) and the AWS
/// SDK's usual places are looked at.
/// </summary>
public sealed record SharedStoreSettings
{
    /// <summary>The variable that names the database.</summary>
    public const string HeadsVariable = "ACTORS_HEADS";

    /// <summary>The variable that names the place of the packs.</summary>
    public const string PacksVariable = "ACTORS_PACKS";

    /// <summary>The variable that names the cache's folder.</summary>
    public const string CacheVariable = "ACTORS_CACHE";

    /// <summary>The variable that names where this machine answers.</summary>
    public const string IndexVariable = "ACTORS_INDEX";

    private const long CacheBytesMin = 64L << 20;

    private static readonly JsonSerializerOptions Json = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        ReadCommentHandling = JsonCommentHandling.Skip,
        AllowTrailingCommas = true,
    };

    /// <summary>Connection string: <c>Host=…;Database=…;Username=…</c>; <c>Search Path</c> names the schema, else <c>actors</c>.</summary>
    public required string Heads { get; init; }

    /// <summary>See <see cref="BlobAddress"/>: <c>s3://bucket/prefix</c>, or a directory that all machines see.</summary>
    public required string Packs { get; init; }

    /// <summary>A folder on a local disk; any number of processes may name the same one. Null: the caller's default.</summary>
    public string? Cache { get; init; }

    /// <summary>Bytes of blobs that each process keeps in the cache.</summary>
    public long CacheBytes { get; init; } = SharedStoreOptions.Default.CacheBytesMax;

    /// <summary>
    /// Host and port by which the store's other machines reach this process, to ask for its part of the object index: each has a part then. Null: this
    /// process has the whole index on its disk, 23 bytes an object.
    /// </summary>
    public string? Index { get; init; }

    /// <summary>Reads a settings file: one JSON object of <c>heads</c>, <c>packs</c>, and optionally <c>cache</c>, <c>cacheBytes</c> and <c>index</c>.</summary>
    /// <exception cref="FormatException">Not such a file. The message names it and never repeats a value.</exception>
    /// <exception cref="IOException">It cannot be read.</exception>
    public static SharedStoreSettings ReadFile(string path)
    {
        try
        {
            return (JsonSerializer.Deserialize<SharedStoreSettings>(File.ReadAllBytes(path), Json) ?? throw new FormatException($"'{path}' is empty.")).Checked(path);
        }
        catch (JsonException e)
        {
            // The parser's message may quote a value.
            throw new FormatException($"'{path}' is no settings file of a shared store: line {e.LineNumber + 1}, '{e.Path}': one JSON object was expected, with "
                + "\"heads\" and \"packs\", and optionally \"cache\", \"cacheBytes\" and \"index\".");
        }
    }

    /// <summary>What the environment names; null where it names neither heads nor packs.</summary>
    /// <param name="variable">A variable's value, or null.</param>
    /// <exception cref="FormatException">It names only one of them, or something else than was expected.</exception>
    public static SharedStoreSettings? FromEnvironment(Func<string, string?> variable)
    {
        (string? heads, string? packs) = (variable(HeadsVariable), variable(PacksVariable));
        if (string.IsNullOrEmpty(heads) && string.IsNullOrEmpty(packs))
        {
            return null;
        }

        if (string.IsNullOrEmpty(heads) || string.IsNullOrEmpty(packs))
        {
            throw new FormatException($"{HeadsVariable} and {PacksVariable} name a shared store together; only one of them is set.");
        }

        return new SharedStoreSettings { Heads = heads, Packs = packs, Cache = Value(CacheVariable), Index = Value(IndexVariable) }.Checked("the environment");

        string? Value(string name) => variable(name) is { Length: > 0 } value ? value : null;
    }

    /// <summary>Opens the object store; makes its tables where there are none.</summary>
    /// <exception cref="IOException">The database or the blobs cannot be reached, or refuse.</exception>
    public Task<SharedObjectStore> OpenObjectsAsync(string defaultCache, TimeProvider clock, CancellationToken cancellationToken) => SharedObjectStore.OpenAsync(
        Heads,
        BlobAddress.Parse(Packs).Open(settings => settings with { Clock = clock }),
        Cache ?? defaultCache,
        WithIndex(SharedStoreOptions.Default with { CacheBytesMax = CacheBytes }),
        clock,
        cancellationToken);

    /// <summary>Opens the head database; makes its tables where there are none.</summary>
    /// <exception cref="HeadStoreException">It cannot be reached, or refuses.</exception>
    public Task<IHeadStore> OpenHeadsAsync(TimeProvider clock, Random random, CancellationToken cancellationToken) =>
        OpenHeadsAsync(TimeSpan.Zero, clock, random, cancellationToken);

    /// <summary>As above, for one of many processes: see <see cref="PostgresHeadStore.OpenAsync(string, TimeSpan, TimeProvider, Random, CancellationToken)"/>.</summary>
    public async Task<IHeadStore> OpenHeadsAsync(TimeSpan gather, TimeProvider clock, Random random, CancellationToken cancellationToken) =>
        await PostgresHeadStore.OpenAsync(Heads, gather, clock, random, cancellationToken).ConfigureAwait(false);

    /// <summary>Opens the external ids; makes their tables where there are none.</summary>
    /// <exception cref="IOException">The database cannot be reached, or refuses.</exception>
    public async Task<IExtIdStore> OpenExtIdsAsync(TimeProvider clock, Random random, CancellationToken cancellationToken) =>
        await PostgresExtIdStore.OpenAsync(Heads, clock, random, cancellationToken).ConfigureAwait(false);

    /// <summary>Opens the listings; makes their tables where there are none.</summary>
    /// <exception cref="IOException">The database cannot be reached, or refuses.</exception>
    public async Task<IListingStore> OpenListingsAsync(TimeProvider clock, Random random, CancellationToken cancellationToken) =>
        await PostgresListingStore.OpenAsync(Heads, clock, random, cancellationToken).ConfigureAwait(false);

    /// <summary>The place for people: without what may be secret.</summary>
    public override string ToString() => $"{BlobAddress.Parse(Packs)} and PostgreSQL";

    private SharedStoreSettings Checked(string source)
    {
        if (!BlobAddress.TryParse(Packs, out _, out string? reason))
        {
            throw new FormatException($"{source}: the place of the packs: {reason}");
        }

        if (string.IsNullOrWhiteSpace(Heads))
        {
            throw new FormatException($"{source}: the head database is not named: Host=…;Database=…;Username=…");
        }

        try
        {
            PostgresDatabase.Check(Heads);
        }
        catch (ArgumentException e)
        {
            throw new FormatException($"{source}: the head database: {e.Message}");
        }

        if (Index is not null && !TryParseIndex(Index, out _, out _))
        {
            throw new FormatException($"{source}: the index answers at HOST:PORT, where others reach this machine.");
        }

        return CacheBytes >= CacheBytesMin ? this : throw new FormatException($"{source}: the cache needs {CacheBytesMin} bytes at least.");
    }

    private SharedStoreOptions WithIndex(SharedStoreOptions options) => Index is not null && TryParseIndex(Index, out string? host, out IPEndPoint? endPoint)
        ? options with { IndexHost = host, IndexEndPoint = endPoint }
        : options;

    private static bool TryParseIndex(string text, [NotNullWhen(true)] out string? host, [NotNullWhen(true)] out IPEndPoint? endPoint)
    {
        (host, endPoint) = (null, null);
        int colon = text.LastIndexOf(':');
        if (colon <= 0 || !ushort.TryParse(text.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out ushort port) || port == 0
            || Uri.CheckHostName(text[..colon]) == UriHostNameType.Unknown)
        {
            return false;
        }

        // A name is others' way here; an address is ours too, and nobody's if it stands for all of them.
        host = text[..colon];
        IPAddress? address = IPAddress.TryParse(host, out IPAddress? parsed) ? parsed : null;
        endPoint = new IPEndPoint(address ?? IPAddress.Any, port);
        return address is null || !(address.Equals(IPAddress.Any) || address.Equals(IPAddress.IPv6Any));
    }
}
