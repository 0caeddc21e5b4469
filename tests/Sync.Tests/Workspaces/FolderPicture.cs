using System.Globalization;
using System.Security.Cryptography;

namespace Actors.Sync.Tests.Workspaces;

/// <summary>What lies in a working tree, as text that can be compared: paths, modes, contents, targets of links; without <c>.git</c>.</summary>
internal static class FolderPicture
{
    public static string Of(string folder)
    {
        List<string> lines = [];
        Add(new DirectoryInfo(folder), "", lines);
        lines.Sort(StringComparer.Ordinal);
        return string.Join('\n', lines);
    }

    private static void Add(DirectoryInfo folder, string path, List<string> lines)
    {
        foreach (FileSystemInfo item in folder.EnumerateFileSystemInfos())
        {
            string name = path + item.Name;
            if (item.Name == ".git")
            {
                continue;
            }

            if (item.LinkTarget is { } target)
            {
                lines.Add($"{name} -> {target}");
            }
            else if (item is DirectoryInfo inner)
            {
                lines.Add(name + "/");
                Add(inner, name + "/", lines);
            }
            else
            {
                lines.Add(string.Create(CultureInfo.InvariantCulture, $"{name} {item.UnixFileMode} {Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(item.FullName)))}"));
            }
        }
    }
}
