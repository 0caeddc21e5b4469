using Actors.Store.Heads.Sqlite;

namespace Actors.Loaders.Tests.Listings;

/// <summary>SQLite files of a test's own making.</summary>
internal static class SqliteTables
{
    /// <summary>Makes a file by statements.</summary>
    public static void Make(string path, string statements)
    {
        using HeadConnection connection = HeadConnection.OpenWriter(path);
        connection.Execute(statements);
    }
}
