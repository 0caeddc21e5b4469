using Xunit;

namespace Actors.House.Tests;

/// <summary>Where a house rule is broken: collects places, and fails with all of them at once.</summary>
/// <param name="rule">The rule, as a sentence.</param>
internal sealed class Violations(string rule)
{
    private readonly List<string> _places = [];

    /// <summary>Notes a place.</summary>
    /// <param name="path">File in the checkout.</param>
    /// <param name="line">Line from 1, or 0 for the whole file.</param>
    /// <param name="what">What is there.</param>
    public void Add(string path, int line, string what) => _places.Add(line > 0 ? $"{path}:{line}: {what}" : $"{path}: {what}");

    /// <summary>Fails when there is any.</summary>
    public void AssertNone() => Assert.True(_places.Count == 0, $"{rule}\n{string.Join('\n', _places.Order(StringComparer.Ordinal))}");
}
