using Actors.Store.Index;

namespace Actors.Store.Objects;

/// <summary>How a local store uses memory and disk, and where tests look in.</summary>
internal sealed record LocalStoreOptions
{
    public static LocalStoreOptions Default { get; } = new();

    /// <summary>Packs mapped at once; each takes two of the process's mappings, of which systems allow 65,530.</summary>
    public int OpenPacksMax { get; init; } = 2048;

    /// <summary>Bytes of inflated delta bases kept for the next reader.</summary>
    public long BaseCacheBytes { get; init; } = 64L << 20;

    /// <summary>How often a reader looks whether a writer has changed the packs.</summary>
    public TimeSpan RefreshInterval { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>So many packs out of the geometric order are merged at once.</summary>
    public int MergedAtOnce { get; init; } = 16;

    /// <summary>Flush before a rename counts. Off only in tests that never lose power.</summary>
    public bool Fsync { get; init; } = true;

    /// <summary>The object index's own settings.</summary>
    public ObjectIndexOptions Index { get; init; } = ObjectIndexOptions.Default;

    /// <summary>Told the name of each durable step as it is done, so that crash tests can stop there. Called on the thread that did it.</summary>
    public Action<string>? Step { get; init; }
}
