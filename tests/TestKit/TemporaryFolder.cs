using System.Diagnostics;

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

    /// <summary>
    /// Writes a shell script that can be run (not on Windows), and returns its path. Another process writes it: were it open for writing in this one, a program that
    /// another test starts at that moment would inherit it, and running the script would fail with "text file busy" (execve(2), ETXTBSY).
    /// </summary>
    public string WriteProgram(string name, string text)
    {
        string path = this[name];
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        using Process writer = Process.Start(new ProcessStartInfo("/bin/sh", ["-c", "cat >\"$1\" && chmod 0755 \"$1\"", "sh", path]) { RedirectStandardInput = true })!;
        writer.StandardInput.Write(text);
        writer.StandardInput.Close();
        writer.WaitForExit();
        return writer.ExitCode == 0 ? path : throw new IOException($"{path} could not be written.");
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
