using Actors.Git.Objects;

namespace Actors.Store.Index;

/// <summary>Numbers the packs that this process has met, from 0 on. A number stays valid; reading takes no lock.</summary>
internal sealed class PackHandles
{
    private readonly Lock _adding = new();
    private readonly Dictionary<Oid, int> _handles = [];
    private Oid[] _packs = new Oid[16];

    /// <summary>The pack's number, a new one if need be.</summary>
    public int Of(Oid pack)
    {
        lock (_adding)
        {
            if (!_handles.TryGetValue(pack, out int handle))
            {
                handle = _handles.Count;
                Oid[] packs = _packs;
                if (handle == packs.Length)
                {
                    Array.Resize(ref packs, 2 * handle);
                }

                packs[handle] = pack;
                Volatile.Write(ref _packs, packs);
                _handles.Add(pack, handle);
            }

            return handle;
        }
    }

    /// <summary>The pack of a number that <see cref="Of"/> gave.</summary>
    public Oid PackOf(int handle) => Volatile.Read(ref _packs)[handle];
}
