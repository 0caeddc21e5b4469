using System.Text.Json;
using Xunit;

namespace Actors.House.Tests.Floors;

public sealed class SolutionTests
{
    private static readonly string[] WithOrleans = ["src/Grains/Grains.csproj", "silo/silo.csproj", "tests/Grains.Tests/Grains.Tests.csproj"];

    private static IEnumerable<string> Projects => Checkout.Files.Where(file => file.EndsWith(".csproj", StringComparison.Ordinal));

    [Fact]
    public void Actors_sln_has_every_project()
    {
        string solution = Checkout.Read("Actors.sln").Replace('\\', '/');
        Assert.All(Projects, project => Assert.Contains($"\"{project}\"", solution, StringComparison.Ordinal));
    }

    [Fact]
    public void Embedded_slnf_has_every_project_that_needs_no_Orleans()
    {
        using JsonDocument filter = JsonDocument.Parse(Checkout.Read("Embedded.slnf"));
        IEnumerable<string> listed = filter.RootElement.GetProperty("solution").GetProperty("projects").EnumerateArray().Select(p => p.GetString()!.Replace('\\', '/'));
        Assert.Equal(Projects.Except(WithOrleans).Order(StringComparer.Ordinal), listed.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void The_floor_plan_has_a_line_for_every_project() =>
        Assert.Empty(Projects.Select(project => Path.GetFileNameWithoutExtension(project)).Except(FloorPlan.Floors.Keys));

    [Fact]
    public void Each_project_of_the_product_has_its_page() =>
        Assert.Empty(Projects.Where(project => !project.StartsWith("tests/", StringComparison.Ordinal))
            .Select(project => Path.GetDirectoryName(project) + "/README.md").Append("tests/README.md").Append("src/README.md").Append("README.md").Except(Checkout.Files));
}
