using System.Globalization;
using System.Reflection;
using System.Security.Cryptography;
using System.Text;

namespace Actors.Store.Postgres;

/// <summary>One step of the schema. A script that was released is never changed: tables and columns are only added, by new ones.</summary>
/// <param name="Number">Its place, from 1.</param>
/// <param name="Name">Its file's name without number and ending.</param>
/// <param name="Sql">Statements; names without schema.</param>
internal sealed record SchemaScript(int Number, string Name, string Sql)
{
    /// <summary>
    /// Scripts of one generation only add, so a program works with a database that a later one of the same generation has extended: silos of two
    /// versions share it while a cluster is upgraded, whichever starts last. A script that older programs cannot live with begins the next: 1000, 2000.
    /// </summary>
    public const int Generation = 1000;

    /// <summary>The store's scripts, in order.</summary>
    public static IReadOnlyList<SchemaScript> All { get; } = Load("Postgres/Scripts/");

    /// <summary>Scripts of what Orleans keeps in a database, in order: a set of its own.</summary>
    public static IReadOnlyList<SchemaScript> Orleans { get; } = Load("Postgres/Orleans/");

    /// <summary>SHA-256 of the statements, whatever their line ends, in hex.</summary>
    public string Checksum => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(Sql.ReplaceLineEndings("\n"))));

    private static SchemaScript[] Load(string prefix)
    {
        Assembly assembly = typeof(SchemaScript).Assembly;
        return [.. assembly.GetManifestResourceNames().Where(n => n.StartsWith(prefix, StringComparison.Ordinal)).Select(Read).OrderBy(s => s.Number)];

        SchemaScript Read(string resource)
        {
            using StreamReader reader = new(assembly.GetManifestResourceStream(resource)!, Encoding.UTF8);
            string name = Path.GetFileNameWithoutExtension(resource[prefix.Length..]);
            return new SchemaScript(int.Parse(name.AsSpan(0, 4), CultureInfo.InvariantCulture), name[5..], reader.ReadToEnd());
        }
    }
}
