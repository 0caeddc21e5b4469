using System.Runtime.InteropServices;
using System.Runtime.Loader;
using LibGit2Sharp;

namespace Actors.Sync.Workspaces;

/// <summary>
/// Finds libgit2's native library for LibGit2Sharp 0.29 (made for libgit2 1.6, whose calls that we use are the same in 1.5): the
/// package's own where the program was built with it, else the system's.
/// </summary>
internal static class GitLibrary
{
    private static readonly string[] SystemNames = ["libgit2.so.1.6", "libgit2.so.1.5", "libgit2.1.6.dylib", "libgit2.1.5.dylib"];
    private static readonly Lazy<string?> Problem = new(Load);

    /// <summary>Null when it is there; else a sentence for a person.</summary>
    public static string? Missing => Problem.Value;

    private static string? Load()
    {
        AssemblyLoadContext context = AssemblyLoadContext.GetLoadContext(typeof(Repository).Assembly) ?? AssemblyLoadContext.Default;
        context.ResolvingUnmanagedDll += (_, name) => name.StartsWith("git2-", StringComparison.Ordinal) ? OfSystem() : 0;
        try
        {
            // Loads it: the first call of any kind does.
            return GlobalSettings.Version.Features.HasFlag(BuiltInFeatures.Threads) ? null : "libgit2 was built without threads: another build is needed";
        }
        catch (Exception e) when (e is DllNotFoundException or TypeInitializationException or EntryPointNotFoundException)
        {
            return "libgit2 is missing: install the package libgit2-1.5 (Debian 12), or build with -p:LibGit2Natives=true";
        }
    }

    private static nint OfSystem()
    {
        foreach (string name in SystemNames)
        {
            if (NativeLibrary.TryLoad(name, out nint handle))
            {
                return handle;
            }
        }

        return 0;
    }
}
