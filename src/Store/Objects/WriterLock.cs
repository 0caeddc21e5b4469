using System.Globalization;

namespace Actors.Store.Objects;

/// <summary>The one writer's claim on a store: an open exclusive handle, which the system takes back when the process dies.</summary>
internal sealed class WriterLock : IDisposable
{
    private readonly FileStream _handle;

    private WriterLock(FileStream handle) => _handle = handle;

    /// <exception cref="StoreOpenException">Another writer has the store.</exception>
    public static WriterLock Take(StoreLayout layout)
    {
        FileStream handle;
        try
        {
            handle = new FileStream(layout.Lock, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException)
        {
            string holder = File.Exists(layout.Writer) ? File.ReadAllText(layout.Writer).Trim() : "unknown";
            throw new StoreOpenException($"The store at {layout.Root} is being written by process {holder}; a store has one writer.") { IsBusy = true };
        }

        File.WriteAllText(layout.Writer, Environment.ProcessId.ToString(CultureInfo.InvariantCulture));
        return new WriterLock(handle);
    }

    public void Dispose() => _handle.Dispose();
}
