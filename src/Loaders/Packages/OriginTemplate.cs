namespace Actors.Loaders.Packages;

/// <summary>How origins are named: a text in which <c>{name}</c> stands for the package.</summary>
internal static class OriginTemplate
{
    public static string Fill(string template, string name) => template.Contains("{name}", StringComparison.Ordinal)
        ? template.Replace("{name}", name, StringComparison.Ordinal)
        : throw new FormatException($"'{template}' does not contain {{name}}");
}
