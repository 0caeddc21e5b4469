using Actors.Git.Objects;
using Actors.Git.Packs;
using Actors.Store.Objects;
using Actors.TestKit;

namespace Actors.Store.Tests.Objects;

public sealed partial class LocalObjectStoreTests : ObjectStoreTests, IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    protected override Task<IObjectStore> OpenAsync() => Task.FromResult<IObjectStore>(Open());

    /// <summary>A pack whose index gives its entries ids that they may not have: what is stored is believed.</summary>
    protected override async Task<IObjectStore> OpenHoldingAsync(IReadOnlyList<KeyValuePair<Oid, GitObject>> objects)
    {
        await Open().DisposeAsync();
        string packs = _folder.Make("store", "objects", "pack");
        using var bytes = new MemoryStream();
        using var writer = new PackWriter(bytes, (uint)objects.Count);
        foreach ((Oid oid, GitObject one) in objects)
        {
            await writer.WriteObjectAsync(oid, one.Type, one.Content, Stop);
        }

        Oid checksum = await writer.FinishAsync(Stop);
        await File.WriteAllBytesAsync(Path.Combine(packs, $"pack-{checksum}.pack"), bytes.ToArray(), Stop);
        writer.WriteIndex(Path.Combine(packs, $"pack-{checksum}.idx"), checksum, fsync: false);
        return Open();
    }

    private LocalObjectStore Open(StoreAccess access = StoreAccess.Write, LocalStoreOptions? options = null) =>
        LocalObjectStore.Open(_folder["store"], access, TimeProvider.System, options ?? LocalStoreOptions.Default);
}
