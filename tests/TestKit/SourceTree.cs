namespace Actors.TestKit;

/// <summary>The checkout that the running tests were built from: the first folder upwards that has <c>Actors.sln</c>.</summary>
public static class SourceTree
{
    private static readonly Lazy<string> FoundRoot = new(Find);

    /// <summary>Absolute path of the checkout.</summary>
    /// <exception cref="DirectoryNotFoundException">The tests were copied away from their checkout.</exception>
    public static string Root => FoundRoot.Value;

    /// <summary>A path in the checkout.</summary>
    public static string PathOf(params ReadOnlySpan<string> names) => Path.Combine([Root, .. names]);

    private static string Find()
    {
        for (DirectoryInfo? folder = new(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "Actors.sln")))
            {
                return folder.FullName;
            }
        }

        throw new DirectoryNotFoundException($"No folder above {AppContext.BaseDirectory} has Actors.sln: these tests read the checkout that they were built from.");
    }
}
