using System.Data;
using System.Net.Sockets;
using System.Runtime.CompilerServices;
using Actors.Store.Heads;
using Actors.Store.Heads.Sqlite;
using Npgsql;

namespace Actors.Store.Listings;

/// <summary>
/// The first columns of a person's own query as text, row after row as the database gives them, from PostgreSQL or an SQLite file. Nothing can be changed
/// by it: the transaction is read-only, the file is opened for reading.
/// </summary>
public sealed class QueryRows
{
    /// <summary>Columns that anybody reads: a name and what is known of it.</summary>
    private const int ColumnsMax = 16;

    private const string SqlitePrefix = "sqlite:";

    private readonly string _query;
    private readonly string? _file;
    private readonly NpgsqlConnectionStringBuilder? _server;

    private QueryRows(string query, string? file, NpgsqlConnectionStringBuilder? server) => (_query, _file, _server) = (query, file, server);

    /// <summary>The database for people: without what may be secret.</summary>
    public string Place => _file is not null ? SqlitePrefix + _file : $"{_server!.Host}/{_server.Database}";

    /// <summary>Reads where the database is; nothing is opened yet.</summary>
    /// <param name="connection">An SQLite file (<c>sqlite:FILE</c>, or the name of one that exists), a PostgreSQL connection string, or a <c>postgresql://</c> address.</param>
    /// <param name="query">One SELECT.</param>
    /// <exception cref="FormatException">Not a connection; without what was given, which may have a password.</exception>
    public static QueryRows Of(string connection, string query)
    {
        ArgumentNullException.ThrowIfNull(connection);
        ArgumentException.ThrowIfNullOrWhiteSpace(query);
        if (connection.StartsWith(SqlitePrefix, StringComparison.Ordinal) || File.Exists(connection))
        {
            return new QueryRows(query, connection.StartsWith(SqlitePrefix, StringComparison.Ordinal) ? connection[SqlitePrefix.Length..] : connection, null);
        }

        try
        {
            return new QueryRows(query, null, connection.Contains("://", StringComparison.Ordinal) ? OfAddress(new Uri(connection)) : new NpgsqlConnectionStringBuilder(connection));
        }
        catch (Exception e) when (e is ArgumentException or FormatException or KeyNotFoundException)
        {
            throw new FormatException("not an SQLite file, nor a PostgreSQL connection as 'Host=…;Database=…;Username=…' or postgresql://USER@HOST/DATABASE", e);
        }
    }

    /// <summary>The rows.</summary>
    /// <param name="cancellationToken">Ends the reading.</param>
    /// <exception cref="IOException">The database cannot be reached, or refuses.</exception>
    public IAsyncEnumerable<IReadOnlyList<string?>> ReadAsync(CancellationToken cancellationToken) =>
        _file is not null ? ReadFileAsync(_file, cancellationToken) : ReadServerAsync(cancellationToken);

    private async IAsyncEnumerable<IReadOnlyList<string?>> ReadFileAsync(string file, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using HeadConnection connection = Safe(() => HeadConnection.OpenForeign(file));
        Statement statement = Safe(() => connection.Prepare(_query));
        while (Safe(statement.Step))
        {
            cancellationToken.ThrowIfCancellationRequested();
            yield return [.. Enumerable.Range(0, Math.Min(ColumnsMax, statement.Columns)).Select(statement.Text)];
        }

        await Task.CompletedTask.ConfigureAwait(false);
    }

    /// <summary>The connection speaks of head databases, which this is none of.</summary>
    private static T Safe<T>(Func<T> work)
    {
        try
        {
            return work();
        }
        catch (HeadStoreException e)
        {
            throw new IOException($"{e.Message.Replace("head database", "database", StringComparison.Ordinal)}", e);
        }
    }

    private async IAsyncEnumerable<IReadOnlyList<string?>> ReadServerAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        NpgsqlConnection connection = new(_server!.ConnectionString);
        await using (connection.ConfigureAwait(false))
        {
            NpgsqlDataReader reader = await SafeAsync(() => BeginAsync(connection, cancellationToken)).ConfigureAwait(false);
            await using (reader.ConfigureAwait(false))
            {
                while (await SafeAsync(() => reader.ReadAsync(cancellationToken)).ConfigureAwait(false))
                {
                    string?[] row = new string?[Math.Min(ColumnsMax, reader.FieldCount)];
                    for (int column = 0; column < row.Length; column++)
                    {
                        row[column] = TextOf(reader.GetValue(column));
                    }

                    yield return row;
                }
            }
        }
    }

    private async Task<NpgsqlDataReader> BeginAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        await connection.OpenAsync(cancellationToken).ConfigureAwait(false);
        // Ends with its connection.
        NpgsqlTransaction transaction = await connection.BeginTransactionAsync(cancellationToken).ConfigureAwait(false);
        NpgsqlCommand setting = new("SET TRANSACTION READ ONLY", connection, transaction);
        await using (setting.ConfigureAwait(false))
        {
            _ = await setting.ExecuteNonQueryAsync(cancellationToken).ConfigureAwait(false);
        }

#pragma warning disable CA2100 // The query is the person's own, for the person's own database.
        NpgsqlCommand command = new(_query, connection, transaction) { CommandTimeout = 0 };
#pragma warning restore CA2100
        return await command.ExecuteReaderAsync(CommandBehavior.SingleResult, cancellationToken).ConfigureAwait(false);
    }

    private async Task<T> SafeAsync<T>(Func<Task<T>> work)
    {
        try
        {
            return await work().ConfigureAwait(false);
        }
        catch (Exception e) when (e is NpgsqlException or SocketException or TimeoutException or NotSupportedException)
        {
            throw new IOException($"{Place}: {e.Message}", e);
        }
    }

    private static string? TextOf(object value) => value switch
    {
        DBNull => null,
        DateTime time => time.ToUniversalTime().ToString("O", System.Globalization.CultureInfo.InvariantCulture),
        IFormattable number => number.ToString(null, System.Globalization.CultureInfo.InvariantCulture),
        _ => value.ToString(),
    };

    private static NpgsqlConnectionStringBuilder OfAddress(Uri address)
    {
        if (address.Scheme is not ("postgres" or "postgresql"))
        {
            throw new FormatException("another scheme");
        }

        string[] user = address.UserInfo.Split(':', 2);
        NpgsqlConnectionStringBuilder server = new() { Host = address.Host, Database = Uri.UnescapeDataString(address.AbsolutePath.TrimStart('/')) };
        server.Port = address.Port > 0 ? address.Port : server.Port;
        server.Username = user[0].Length > 0 ? Uri.UnescapeDataString(user[0]) : null;
        server.Password = user.Length > 1 ? Uri.UnescapeDataString(user[1]) : null;
        return server;
    }
}
