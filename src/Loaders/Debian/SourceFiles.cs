using System.Text.RegularExpressions;
using Actors.Loaders.Objects;
using Actors.Loaders.Packages;

namespace Actors.Loaders.Debian;

/// <summary>The files of a source package by what they are (dpkg-source(1), "SOURCE PACKAGE FORMATS").</summary>
internal sealed partial class SourceFiles
{
    public required Artifact Description { get; init; }

    /// <summary>The upstream archive, or the whole of a native package.</summary>
    public Artifact? Main { get; private set; }

    /// <summary>Whether <see cref="Main"/> is upstream's.</summary>
    public bool HasOrig { get; private set; }

    /// <summary>Further upstream archives by the folder that they become, in order of name.</summary>
    public SortedDictionary<string, Artifact> Components { get; } = new(StringComparer.Ordinal);

    /// <summary>Format 1.0: Debian's changes.</summary>
    public Artifact? Diff { get; private set; }

    /// <summary>Format 3.0 (quilt): the folder <c>debian</c>.</summary>
    public Artifact? Debian { get; private set; }

    /// <exception cref="ArchiveException">No or several descriptions, no or several archives.</exception>
    public static SourceFiles Of(IReadOnlyList<Artifact> artifacts)
    {
        Artifact[] descriptions = [.. artifacts.Where(one => one.FileName.EndsWith(".dsc", StringComparison.Ordinal))];
        SourceFiles files = new() { Description = descriptions.Length == 1 ? descriptions[0] : throw new ArchiveException($"{descriptions.Length} .dsc files, exactly one must be") };
        foreach (Artifact artifact in artifacts.Where(one => one != files.Description && !one.FileName.EndsWith(".asc", StringComparison.Ordinal)))
        {
            files.Sort(artifact);
        }

        return files.Main is null ? throw new ArchiveException("the source package has no archive") : files;
    }

    private void Sort(Artifact artifact)
    {
        Match match = Role().Match(artifact.FileName);
        if (!match.Success)
        {
            throw new ArchiveException($"'{artifact.FileName}' is no file of a source package");
        }

        if (match.Groups["diff"].Success)
        {
            Diff = artifact;
        }
        else if (match.Groups["debian"].Success)
        {
            Debian = artifact;
        }
        else if (match.Groups["part"].Success)
        {
            Components[match.Groups["part"].Value] = artifact;
        }
        else if (Main is not null)
        {
            throw new ArchiveException("the source package has several archives");
        }
        else
        {
            (Main, HasOrig) = (artifact, match.Groups["orig"].Success);
        }
    }

    [GeneratedRegex(@"(?<diff>\.diff\.gz)$|(?<debian>\.debian\.tar\.\w+)$|\.orig-(?<part>[A-Za-z0-9-]+)\.tar\.\w+$|(?<orig>\.orig\.tar\.\w+)$|\.tar\.\w+$", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Role();
}
