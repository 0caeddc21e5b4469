using Actors.TestKit;
using Actors.TestKit.Git;

namespace Actors.House.Tests;

/// <summary>The files of the checkout that belong to the project: those that git knows or would take, not what builds leave.</summary>
internal static class Checkout
{
    private static readonly Lazy<IReadOnlyList<string>> AllFiles = new(List);

    /// <summary>Paths from the checkout's root, with forward slashes, in order.</summary>
    public static IReadOnlyList<string> Files => AllFiles.Value;

    /// <summary>The text of a file.</summary>
    public static string Read(string path) => File.ReadAllText(SourceTree.PathOf(path));

    private static IReadOnlyList<string> List()
    {
        IEnumerable<string> files = Directory.Exists(SourceTree.PathOf(".git")) || File.Exists(SourceTree.PathOf(".git"))
            ? new GitCommand(SourceTree.Root).Lines("ls-files", "--cached", "--others", "--exclude-standard")
            : Directory.EnumerateFiles(SourceTree.Root, "*", SearchOption.AllDirectories)
                .Select(file => Path.GetRelativePath(SourceTree.Root, file).Replace('\\', '/'))
                .Where(file => !file.Split('/').Any(step => step is "bin" or "obj" or "TestResults"));
        return [.. files.Where(file => File.Exists(SourceTree.PathOf(file))).Distinct().Order(StringComparer.Ordinal)];
    }
}
