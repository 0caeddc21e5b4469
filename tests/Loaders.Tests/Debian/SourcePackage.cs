using System.Diagnostics;
using System.Text;
using System.Text.Json;
using Actors.Loaders.Tests.Loads;
using Actors.TestKit;
using Actors.TestKit.Git;
using Actors.TestKit.Servers;
using Xunit;

namespace Actors.Loaders.Tests.Debian;

/// <summary>Builds source packages from files, lets dpkg-source judge how they are unpacked.</summary>
internal sealed class SourcePackage(TemporaryFolder folder)
{
    private readonly List<string> _files = [];

    /// <summary>Packs a folder of this test as <c>tar</c> does.</summary>
    public void Tar(string name, string from, string packed)
    {
        Run(folder[from], "tar", "--sort=name", "-caf", folder["pool", name], packed);
        _files.Add(name);
    }

    public void Add(string name) => _files.Add(name);

    /// <summary>Writes the description.</summary>
    public void Describe(string format, string source, string version)
    {
        string Lines(string algorithm) => string.Concat(_files.Select(file =>
        {
            byte[] bytes = File.ReadAllBytes(folder["pool", file]);
            string digest = algorithm == "md5" ? Convert.ToHexStringLower(System.Security.Cryptography.MD5.HashData(bytes)) : Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(bytes));
            return $" {digest} {bytes.Length} {file}\n";
        }));
        folder.Write(
            $"pool/{source}_{version}.dsc",
            $"Format: {format}\nSource: {source}\nBinary: {source}\nArchitecture: all\nVersion: {version}\nMaintainer: A <a@example.org>\nChecksums-Sha256:\n{Lines("sha256")}Files:\n{Lines("md5")}");
        _files.Add($"{source}_{version}.dsc");
    }

    /// <summary>The tree that dpkg-source makes, as git names it.</summary>
    public string Judge(string source, string version)
    {
        Run(folder["pool"], "dpkg-source", "--no-copy", "--no-check", "-x", $"{source}_{version}.dsc", folder["judged"]);
        GitCommand git = new(folder.FullPath);
        git.Run("init", "-q");
        git.Run("add", "-f", "-A", "judged");
        return git.Run("write-tree", "--prefix=judged/");
    }

    /// <summary>As <see cref="Judge"/>; null where it refuses.</summary>
    public string? TryJudge(string source, string version)
    {
        try
        {
            return Judge(source, version);
        }
        catch (Xunit.Sdk.TrueException)
        {
            return null;
        }
    }

    /// <summary>Serves the files and gives the origin of the package.</summary>
    public string Serve(RegistryServer server, string source, string version)
    {
        Dictionary<string, object> files = _files.ToDictionary(file => file, file =>
        {
            byte[] bytes = File.ReadAllBytes(folder["pool", file]);
            Uri uri = server.Put($"/pool/{file}", bytes);
            return (object)new { name = file, size = bytes.Length, uri, sha256 = Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(bytes)) };
        });
        Dictionary<string, object> packages = new() { [$"sid/main/{version}"] = new { name = source, version, files } };
        return JsonSerializer.Serialize(new { loader = "debian", origin = $"deb://Debian/packages/{source}", packages });
    }

    public static void Run(string folder, string program, params string[] arguments)
    {
        ProcessStartInfo start = new(program, arguments) { WorkingDirectory = folder, RedirectStandardError = true, RedirectStandardOutput = true };
        try
        {
            using Process process = Process.Start(start)!;
            StringBuilder said = new();
            process.OutputDataReceived += (_, line) => said.AppendLine(line.Data);
            process.BeginOutputReadLine();
            string error = process.StandardError.ReadToEnd();
            process.WaitForExit();
            Assert.True(process.ExitCode is 0 or 1 && (process.ExitCode == 0 || program == "diff"), error + said);
        }
        catch (System.ComponentModel.Win32Exception)
        {
            Assert.Skip($"The program '{program}' is not on this machine.");
        }
    }
}
