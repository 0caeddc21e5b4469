namespace Actors.TestKit;

/// <summary>A folder of its own for one test; it and all in it are removed at the end.</summary>
public sealed class TemporaryFolder : IDisposable
{
    /// <summary>Makes an empty folder.</summary>
    public TemporaryFolder() => FullPath = Directory.CreateTempSubdirectory("actors-test-").FullName;

    /// <summary>Absolute path.</summary>
    public string FullPath { get; }

    /// <summary>A path below the folder; nothing is made there.</summary>
    public string this[params ReadOnlySpan<string> names] => Path.Combine([FullPath, .. names]);

    /// <summary>Makes a folder below this one, if it is not there.</summary>
    public string Make(params ReadOnlySpan<string> names) => Directory.CreateDirectory(this[names]).FullName;

    /// <summary>Writes a file below the folder and returns its path.</summary>
    public string Write(string name, string text)
    {
        string path = this[name];
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, text);
        return path;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        try
        {
            // git writes its objects read-only; on Linux that does not keep them from being removed.
            Directory.Delete(FullPath, recursive: true);
        }
        catch (DirectoryNotFoundException)
        {
            // The test removed it itself.
        }
    }
}
