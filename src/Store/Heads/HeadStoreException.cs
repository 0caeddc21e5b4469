namespace Actors.Store.Heads;

/// <summary>A head database that cannot be used: damaged, of a newer version, held by another process, or a full disk. For a person, with the file's name.</summary>
public sealed class HeadStoreException : IOException
{
    /// <param name="path">The database file.</param>
    /// <param name="message">What is wrong, as a sentence without the file's name.</param>
    /// <param name="innerException">What showed it, if another exception did.</param>
    public HeadStoreException(string path, string message, Exception? innerException = null)
        : base($"{message} (head database '{path}')", innerException) => DatabasePath = path;

    /// <summary>The database file.</summary>
    public string DatabasePath { get; }
}
