using System.Security.Cryptography;
using System.Text;
using Actors.Store;
using Actors.Sync.Workspaces;

namespace Actors.Client;

/// <summary>Where a store is: in a folder, or shared by many machines (<see cref="SharedStoreSettings"/>).</summary>
internal sealed class StorePlace
{
    /// <summary>What <c>--store</c> says by default where the environment names a shared store.</summary>
    private const string Environs = "$ACTORS_HEADS and $ACTORS_PACKS";

    private StorePlace(string shown, string? folder, SharedStoreSettings? shared) => (Shown, Folder, Shared) = (shown, folder, shared);

    /// <summary>For people: without what may be secret.</summary>
    public string Shown { get; }

    /// <summary>The store's folder; null when it is shared.</summary>
    public string? Folder { get; }

    /// <summary>Null when it is in a folder.</summary>
    public SharedStoreSettings? Shared { get; }

    /// <summary>Where this store's workspaces are kept: in its folder; of a shared one, under the user's data directory.</summary>
    public string Workspaces => Folder is { } folder
        ? WorkspaceRoot.FolderOf(Path.GetFullPath(folder))
        : Path.Combine(
            UserFolder("XDG_DATA_HOME", Path.Combine(".local", "share")), "actors", "shared",
            Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(Shown)))[..16], "workspaces");

    /// <summary>Where a shared store's cache is when its settings name none.</summary>
    public static string DefaultCache => Path.Combine(UserFolder("XDG_CACHE_HOME", ".cache"), "actors");

    /// <summary>What <c>--store</c> is without being given: <c>ACTORS_STORE</c>, the shared store that the environment names, or a folder under the user's data directory.</summary>
    public static string Default()
    {
        if (Environment.GetEnvironmentVariable("ACTORS_STORE") is { Length: > 0 } named)
        {
            return named;
        }

        bool isShared = Environment.GetEnvironmentVariable(SharedStoreSettings.HeadsVariable) is { Length: > 0 }
            || Environment.GetEnvironmentVariable(SharedStoreSettings.PacksVariable) is { Length: > 0 };
        return isShared ? Environs : Path.Combine(UserFolder("XDG_DATA_HOME", Path.Combine(".local", "share")), "actors");
    }

    /// <summary>The place of a <c>--store</c>: a folder, or a file of settings.</summary>
    /// <exception cref="UserErrorException">The settings are not right.</exception>
    public static StorePlace Of(string text)
    {
        try
        {
            SharedStoreSettings? shared = text == Environs ? SharedStoreSettings.FromEnvironment(Environment.GetEnvironmentVariable)
                : File.Exists(text) ? SharedStoreSettings.ReadFile(text)
                : null;
            return shared is null ? new StorePlace(Path.GetFullPath(text), text, null) : new StorePlace(shared.ToString(), null, shared);
        }
        catch (Exception e) when (e is FormatException or IOException or UnauthorizedAccessException)
        {
            throw new UserErrorException($"--store: {e.Message}", e);
        }
    }

    private static string UserFolder(string variable, string underHome)
    {
        string? named = Environment.GetEnvironmentVariable(variable);
        return string.IsNullOrEmpty(named) || !Path.IsPathRooted(named)
            ? Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), underHome)
            : named;
    }
}
