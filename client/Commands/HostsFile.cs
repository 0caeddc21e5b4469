using Actors.Sync.ForgeHosts;

namespace Actors.Client.Commands;

/// <summary>What <c>--hosts</c> names.</summary>
internal static class HostsFile
{
    /// <summary>The rules of forge hosts; of no file: the presets.</summary>
    /// <exception cref="UserErrorException">It cannot be read, or is not right.</exception>
    public static HostRuleBook Read(string? path)
    {
        try
        {
            return path is null ? HostRuleBook.Presets : HostSettings.Parse(File.ReadAllText(path));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or FormatException)
        {
            throw new UserErrorException($"--hosts: '{path}': {e.Message}", e);
        }
    }
}
