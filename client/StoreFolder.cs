namespace Actors.Client;

/// <summary>What lies where in a store's folder, and what to say when it does not.</summary>
internal static class StoreFolder
{
    /// <summary>The head database's file.</summary>
    public static string HeadsOf(string path) => Path.Combine(path, "heads.sqlite");

    /// <exception cref="UserErrorException">There is no store at this path.</exception>
    public static void Demand(string path)
    {
        if (!File.Exists(HeadsOf(path)))
        {
            throw new UserErrorException($"there is no store at '{path}': 'actors sync … --store {path}' makes one, or --store names another");
        }
    }

    /// <summary>Opening's own errors are for the person at the console.</summary>
    public static T Try<T>(Func<T> open)
    {
        try
        {
            return open();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new UserErrorException(e.Message, e);
        }
    }
}
