using System.Runtime.CompilerServices;
using Actors.Git.Objects;

namespace Actors.Store.Index;

/// <summary>Reads the mapped records of one run from first to last; stands on the first one when it is made.</summary>
internal unsafe struct IndexRunCursor
{
    private readonly byte* _end;
    private readonly int _width;
    private readonly int[] _placeOfPlace;
    private byte* _at;
    private ulong _prefix;

    /// <summary>Of a run with at least one record.</summary>
    public IndexRunCursor(byte* first, byte* end, int packWidth, int[] placeOfPlace)
    {
        _at = first;
        _end = end;
        _width = packWidth;
        _placeOfPlace = placeOfPlace;
        _prefix = Oid.Prefix;
    }

    public readonly ref readonly Oid Oid => ref Unsafe.AsRef<Oid>(_at);

    /// <summary>Place of the pack in the merged run.</summary>
    /// <exception cref="InvalidDataException">The record names none.</exception>
    public readonly int PackPlace
    {
        get
        {
            byte* place = _at + Oid.Length;
            int old = _width switch { 0 => 0, 1 => *place, 2 => *(ushort*)place, _ => *(int*)place };
            return (uint)old < (uint)_placeOfPlace.Length
                ? _placeOfPlace[old]
                : throw new InvalidDataException("A record of an index run names no pack.");
        }
    }

    public readonly bool IsBefore(in IndexRunCursor other) =>
        _prefix != other._prefix ? _prefix < other._prefix : Oid < other.Oid;

    /// <summary>False: that was the last.</summary>
    public bool Advance()
    {
        _at += Oid.Length + _width;
        if (_at >= _end)
        {
            return false;
        }

        _prefix = Oid.Prefix;
        return true;
    }
}
