using System.Text;
using static SQLitePCL.raw;

namespace Actors.Store.Heads.Sqlite;

/// <summary>A prepared statement. Parameters count from 1, columns from 0, as in SQLite.</summary>
internal sealed class Statement(HeadConnection connection, SQLitePCL.sqlite3_stmt handle) : IDisposable
{
    public Statement Bind(int parameter, long value)
    {
        _ = sqlite3_bind_int64(handle, parameter, value);
        return this;
    }

    public Statement Bind(int parameter, long? value)
    {
        _ = value is { } known ? sqlite3_bind_int64(handle, parameter, known) : sqlite3_bind_null(handle, parameter);
        return this;
    }

    public Statement Bind(int parameter, ReadOnlySpan<byte> blob)
    {
        connection.Check(blob.IsEmpty ? sqlite3_bind_zeroblob(handle, parameter, 0) : sqlite3_bind_blob(handle, parameter, blob));
        return this;
    }

    public Statement BindNull(int parameter)
    {
        _ = sqlite3_bind_null(handle, parameter);
        return this;
    }

    /// <summary>Null stays null.</summary>
    public Statement Bind(int parameter, string? text)
    {
        connection.Check(text is null ? sqlite3_bind_null(handle, parameter) : sqlite3_bind_text(handle, parameter, text));
        return this;
    }

    /// <summary>Text that is encoded in UTF-8 already; not empty.</summary>
    public Statement BindText(int parameter, ReadOnlySpan<byte> text)
    {
        connection.Check(sqlite3_bind_text(handle, parameter, text));
        return this;
    }

    /// <summary>True when it stands on a row.</summary>
    public bool Step()
    {
        int result = sqlite3_step(handle);
        if (result == SQLITE_ROW)
        {
            return true;
        }

        if (result != SQLITE_DONE)
        {
            try
            {
                connection.Check(result);
            }
            finally
            {
                Reset();
            }
        }

        return false;
    }

    /// <summary>Runs to the end, ready for the next values.</summary>
    public void Run()
    {
        while (Step())
        {
        }

        Reset();
    }

    public void Reset() => _ = sqlite3_reset(handle);

    /// <summary>Columns of a row.</summary>
    public int Columns => sqlite3_column_count(handle);

    public bool IsNull(int column) => sqlite3_column_type(handle, column) == SQLITE_NULL;

    public long Number(int column) => sqlite3_column_int64(handle, column);

    public long? NumberOrNull(int column) => IsNull(column) ? null : Number(column);

    /// <summary>Blob or UTF-8 text; valid until the next step or reset. Empty for null.</summary>
    public ReadOnlySpan<byte> Bytes(int column) => sqlite3_column_blob(handle, column);

    public string? Text(int column) => IsNull(column) ? null : Encoding.UTF8.GetString(Bytes(column));

    public void Dispose() => handle.Dispose();
}
