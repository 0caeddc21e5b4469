namespace Actors.Store.Index;

/// <summary>Numbers the packs that this process has met, however they are named, from 0 on. A number stays valid; reading takes no lock.</summary>
internal sealed class PackHandles<TPack>
    where TPack : struct, IEquatable<TPack>
{
    private readonly Lock _adding = new();
    private readonly Dictionary<TPack, int> _handles = [];
    private TPack[] _packs = new TPack[16];

    /// <summary>The pack's number, a new one if need be.</summary>
    public int Of(TPack pack)
    {
        lock (_adding)
        {
            if (!_handles.TryGetValue(pack, out int handle))
            {
                handle = _handles.Count;
                TPack[] packs = _packs;
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
    public TPack PackOf(int handle) => Volatile.Read(ref _packs)[handle];
}
