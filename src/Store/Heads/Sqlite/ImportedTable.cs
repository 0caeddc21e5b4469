using Actors.Git.Objects;
using Actors.Git.Remotes;

namespace Actors.Store.Heads.Sqlite;

/// <summary>Heads that other systems recorded; never mixed with snapshots.</summary>
internal sealed class ImportedTable(HeadConnection connection)
{
    private readonly Statement _read = connection.Prepare("SELECT oids FROM imported WHERE repository = ?1");
    private readonly Statement _replace = connection.Prepare("INSERT OR REPLACE INTO imported (repository, oids) VALUES (?1, ?2)");

    public ImportedHeads? Find(long repository, RepositoryUrl url)
    {
        ImportedHeads? found = null;
        if (_read.Bind(1, repository).Step())
        {
            ReadOnlySpan<byte> bytes = _read.Bytes(0);
            Oid[] oids = new Oid[bytes.Length / Oid.Length];
            for (int i = 0; i < oids.Length; i++)
            {
                oids[i] = Oid.FromBytes(bytes[(i * Oid.Length)..]);
            }

            found = new ImportedHeads(url, oids);
        }

        _read.Reset();
        return found;
    }

    public void Replace(long repository, ImportedHeads heads)
    {
        byte[] bytes = new byte[heads.Oids.Count * Oid.Length];
        for (int i = 0; i < heads.Oids.Count; i++)
        {
            heads.Oids[i].CopyTo(bytes.AsSpan(i * Oid.Length));
        }

        _replace.Bind(1, repository).Bind(2, bytes).Run();
    }
}
