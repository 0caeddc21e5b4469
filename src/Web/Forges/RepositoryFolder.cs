namespace Actors.Web.Forges;

/// <summary>From a path in a URL to a folder below the served one.</summary>
internal static class RepositoryFolder
{
    /// <summary>The folder of a bare repository (or a work tree's <c>.git</c>), or null: there is none, or the path leads elsewhere.</summary>
    /// <param name="root">The served folder, absolute.</param>
    /// <param name="path">From the URL, unescaped; <c>.git</c> at its end may be missing.</param>
    public static string? Find(string root, string path)
    {
        foreach (string step in path.Split('/'))
        {
            // "a%2Fb" arrives unescaped only in part, "..\" not at all: only plain names lead on.
            if (step.Length == 0 || step is "." or ".." || step.AsSpan().ContainsAny('\\', '\0', '%'))
            {
                return null;
            }
        }

        string folder = Path.Combine(root, path);
        string[] places = [folder, folder + ".git", Path.Combine(folder, ".git")];
        return Array.Find(places, IsRepository);
    }

    private static bool IsRepository(string folder) =>
        File.Exists(Path.Combine(folder, "HEAD")) && Directory.Exists(Path.Combine(folder, "objects"));
}
