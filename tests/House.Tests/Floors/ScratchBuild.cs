using System.Diagnostics;
using Actors.TestKit;

namespace Actors.House.Tests.Floors;

/// <summary>
/// Empty projects with the names of real ones, in a temporary folder, under the checkout's own props and targets: resolved
/// by one run of MSBuild, without compiling the real ones.
/// </summary>
internal sealed class ScratchBuild : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly List<string> _cases = [];

    public ScratchBuild()
    {
        foreach (string name in (string[])["Directory.Build.props", "Directory.Build.targets", "Directory.Packages.props"])
        {
            _folder.Write(name, $"<Project><Import Project=\"{SourceTree.PathOf(name)}\" /></Project>");
        }
    }

    /// <summary>A project; <paramref name="path"/> is <c>CASE/NAME</c>.</summary>
    /// <param name="path">Its folder, named as the project.</param>
    /// <param name="items">What stands in its item group.</param>
    /// <param name="properties">What stands in its property group.</param>
    public ScratchBuild Add(string path, string items, string properties = "")
    {
        string name = Path.GetFileName(path);
        _folder.Write($"{path}/{name}.csproj", $"<Project Sdk=\"Microsoft.NET.Sdk\"><PropertyGroup>{properties}</PropertyGroup><ItemGroup>{items}</ItemGroup></Project>");
        // Any assembly will do in the place of the compiled one: nothing is compiled, which would take most of the time.
        File.Copy(typeof(ScratchBuild).Assembly.Location, Path.Combine(_folder.Make(path, "bin", "Release", "net10.0"), $"Actors.{name}.dll"));
        _cases.Add($"{path}/{name}.csproj");
        return this;
    }

    /// <summary>Restores and resolves all projects, and returns the errors, each as <c>CASE/NAME CODE</c> and what is in quotes in its sentence.</summary>
    public async Task<IReadOnlyList<string>> RunAsync()
    {
        IEnumerable<string> folders = _cases.GroupBy(project => project.Split('/')[0])
            .Select(group => $"<Folder Name=\"/{group.Key}/\">{string.Concat(group.Select(project => $"<Project Path=\"{project}\" />"))}</Folder>");
        string solution = _folder.Write("all.slnx", $"<Solution>{string.Concat(folders)}</Solution>");
        string[] arguments =
        [
            "msbuild", solution, "-restore", "-t:ResolveAssemblyReferences", "-v:q", "-nologo", "-nodeReuse:false",
            "-p:Configuration=Release", "-p:BuildProjectReferences=false", "-p:NuGetAudit=false",
        ];
        ProcessStartInfo start = new("dotnet", arguments)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment["DOTNET_CLI_UI_LANGUAGE"] = "en";
        start.Environment["MSBUILDTERMINALLOGGER"] = "off";
        using Process msbuild = Process.Start(start)!;
        Task<string> complaints = msbuild.StandardError.ReadToEndAsync();
        string output = await msbuild.StandardOutput.ReadToEndAsync();
        await msbuild.WaitForExitAsync();
        return [.. (output + await complaints).Split('\n').Where(line => line.Contains("error", StringComparison.Ordinal)).Select(Shorten).Distinct().Order(StringComparer.Ordinal)];
    }

    public void Dispose() => _folder.Dispose();

    /// <summary><c>…: error FLOOR2: 'Git' may not use the package 'Polly': … [/tmp/x/case/Git/Git.csproj]</c> becomes <c>case/Git FLOOR2 Polly</c>.</summary>
    private string Shorten(string line)
    {
        string[] quoted = line.Split('\'');
        int code = line.IndexOf("error FLOOR", StringComparison.Ordinal);
        int project = line.LastIndexOf('[');
        return code < 0 || project < 0 || quoted.Length < 4
            ? line
            : $"{Path.GetDirectoryName(Path.GetRelativePath(_folder.FullPath, line[(project + 1)..].TrimEnd(']', '\r')))} {line.Substring(code + 6, 6)} {quoted[3]}";
    }
}
