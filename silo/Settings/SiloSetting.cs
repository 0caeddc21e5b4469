namespace Actors.Silo.Settings;

/// <summary>One setting, as the help shows it.</summary>
/// <param name="Name">In the settings file: <c>siloPort</c>. On the command line <c>--silo-port</c>, in the environment <c>ACTORS_SILO_PORT</c>.</param>
/// <param name="Value">What its value is, in a word.</param>
/// <param name="Default">What it is when nothing says, for people; empty: it has to be said, or is off.</param>
/// <param name="Help">What it does.</param>
internal sealed record SiloSetting(string Name, string Value, string Default, string Help)
{
    public string Option => "--" + Split('-').ToLowerInvariant();

    public string Variable => "ACTORS_" + Split('_').ToUpperInvariant();

    private string Split(char between) => string.Concat(Name.Select(c => char.IsUpper(c) ? $"{between}{c}" : $"{c}"));
}
