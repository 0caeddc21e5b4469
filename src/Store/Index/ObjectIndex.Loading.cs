using Actors.Git.Objects;

namespace Actors.Store.Index;

internal sealed partial class ObjectIndex
{
    private const string ManifestName = "MANIFEST";
    private const string RunPattern = "run-*";

    private string RunPath(long sequence) => Path.Combine(_directory, string.Create(null, $"run-{sequence:D10}.oids"));

    private string ManifestPath => Path.Combine(_directory, ManifestName);

    /// <summary>A read-only opener takes in what the writer has flushed or merged since. Cheap when nothing changed. For the writer: nothing.</summary>
    public void Refresh()
    {
        lock (_writing)
        {
            ObjectDisposedException.ThrowIf(_current is null, this);
            if (_readOnly && ReadManifest() is { } bytes && !bytes.AsSpan().SequenceEqual(_manifestBytes)
                && TryLoad(_current.Runs, _current.Memory) is { } snapshot)
            {
                Install(snapshot);
            }
        }
    }

    private void Load()
    {
        if (!BitConverter.IsLittleEndian)
        {
            throw new PlatformNotSupportedException("The object index maps little-endian files.");
        }

        if (!_readOnly)
        {
            Directory.CreateDirectory(_directory);
        }

        IReadOnlyList<MemoryTable> memory = [MemoryTable.Create(_options.Seed)];
        IndexSnapshot<IndexManifest> snapshot = TryLoad([], memory) ?? NewSnapshot(IndexManifest.Empty, [], memory);
        Install(snapshot);
        _nextRun = snapshot.State.NextRun;
        if (!_readOnly)
        {
            RemoveStrayFiles();
        }
    }

    /// <summary>Opens what the manifest names; null when the manifest or a run is missing or damaged.</summary>
    private IndexSnapshot<IndexManifest>? TryLoad(IReadOnlyList<IndexRun> known, IReadOnlyList<MemoryTable> memory)
    {
        for (int attempt = 0; attempt < Limits.IndexOpenAttemptsMax; attempt++)
        {
            if (ReadManifest() is not { } bytes)
            {
                return null;
            }

            var runs = new List<IndexRun>();
            try
            {
                IndexManifest manifest = IndexManifest.Decode(bytes);
                OpenRuns(manifest, known, runs);
                MemoryTable[] rest = [.. memory.Select(table => table.Without(pack => manifest.Packs.ContainsKey(_handles.PackOf(pack))))];
                var snapshot = NewSnapshot(manifest, runs, rest);
                _manifestBytes = bytes;
                return snapshot;
            }
            catch (FileNotFoundException) when (_readOnly)
            {
                // The writer merged and removed this run meanwhile: its newer manifest says what to open.
            }
            catch (Exception damage) when (damage is InvalidDataException or IOException)
            {
                return null;
            }
            finally
            {
                // The snapshot has its own share in each.
                runs.ForEach(run => run.RemoveUser());
            }
        }

        return null;
    }

    private void OpenRuns(IndexManifest manifest, IReadOnlyList<IndexRun> known, List<IndexRun> runs)
    {
        long unchecked_ = _options.CheckedBytesMax;
        foreach (IndexManifestRun entry in manifest.Runs.OrderBy(run => run.FileBytes))
        {
            IndexRun? run = known.FirstOrDefault(run => run.Sequence == entry.Sequence && run.Checksum == entry.Checksum);
            if (run is not null)
            {
                run.AddUser();
                runs.Insert(0, run);
                continue;
            }

            run = IndexRun.Open(RunPath(entry.Sequence), entry.Sequence);
            runs.Insert(0, run);
            if (run.FileBytes != entry.FileBytes || run.Checksum != entry.Checksum)
            {
                throw new InvalidDataException($"Index run {entry.Sequence} is not the one in the manifest.");
            }

            unchecked_ -= run.FileBytes;
            if (unchecked_ >= 0)
            {
                run.Verify();
            }
        }
    }

    private byte[]? ReadManifest()
    {
        try
        {
            using var stream = new FileStream(ManifestPath, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, 1);
            if (stream.Length > Limits.IndexManifestBytesMax)
            {
                return null;
            }

            byte[] bytes = new byte[stream.Length];
            stream.ReadExactly(bytes);
            return bytes;
        }
        catch (IOException)
        {
            return null;
        }
    }

    /// <summary>What a crash left: temporary files, runs that no manifest names.</summary>
    private void RemoveStrayFiles()
    {
        var named = _current!.Runs.Select(run => RunPath(run.Sequence)).ToHashSet(StringComparer.Ordinal);
        foreach (string path in Directory.EnumerateFiles(_directory, RunPattern).Append(ManifestPath + ".tmp"))
        {
            // A name is not used again while a reader may have the file that had it.
            if (long.TryParse(Path.GetFileNameWithoutExtension(path).AsSpan().TrimStart("run-"), null, out long sequence))
            {
                _nextRun = Math.Max(_nextRun, sequence + 1);
            }

            if (!named.Contains(path))
            {
                File.Delete(path);
            }
        }
    }

    /// <exception cref="InvalidDataException">A run names a pack that the manifest does not.</exception>
    private IndexSnapshot<IndexManifest> NewSnapshot(IndexManifest manifest, IReadOnlyList<IndexRun> runs, IReadOnlyList<MemoryTable> memory)
    {
        Dictionary<int, Oid> packs = manifest.PacksByNumber();
        return new IndexSnapshot<IndexManifest>(manifest, runs, memory, (run, number) => number is >= 0 and <= int.MaxValue && packs.TryGetValue((int)number, out Oid pack)
            ? _handles.Of(pack)
            : throw new InvalidDataException($"Index run {run.Sequence} names a pack that the manifest does not."));
    }

    /// <summary>Makes a snapshot the current one.</summary>
    private void Install(IndexSnapshot<IndexManifest> snapshot)
    {
        _covered = [.. snapshot.State.Packs.Keys, .. snapshot.Memory.SelectMany(table => table.Packs).Select(_handles.PackOf)];
        Interlocked.Exchange(ref _current, snapshot)?.Leave();
    }
}
