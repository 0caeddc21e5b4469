using System.Reflection;
using System.Runtime.InteropServices;
using Xunit;

namespace Actors.House.Tests.Floors;

/// <summary>The floors again, as the compiler left them.</summary>
public sealed class AssemblyTests
{
    private static readonly (string Project, Assembly Assembly)[] Built =
    [
        ("Git", typeof(Git.Limits).Assembly),
        ("Store", typeof(Store.Objects.IObjectStore).Assembly),
        ("Sync", typeof(Sync.Engines.IEngine).Assembly),
        ("Loaders", typeof(Loaders.Limits).Assembly),
        ("Web", typeof(Web.Forges.LocalForge).Assembly),
        ("client", Assembly.Load("actors")),
    ];

    [Fact]
    public void Floors_use_only_floors_below_them()
    {
        Violations found = new("Dependencies go down only: see src/FloorPlan.props.");
        foreach ((string project, Assembly assembly) in Built)
        {
            foreach (string name in assembly.GetReferencedAssemblies().Select(a => a.Name!).Where(n => n.StartsWith("Actors.", StringComparison.Ordinal)))
            {
                if (!FloorPlan.Floors[project].Contains(name["Actors.".Length..]))
                {
                    found.Add(project, 0, $"uses {name}");
                }
            }
        }

        found.AssertNone();
    }

    [Theory]
    [InlineData("Microsoft.Data.Sqlite", "Store")]
    [InlineData("Npgsql", "Store")]
    [InlineData("System.Data.Common", "Store")]
    [InlineData("System.Net.Http", "Git", "Store", "Loaders", "Web")]
    [InlineData("Microsoft.AspNetCore", "Web")]
    [InlineData("Orleans")]
    [InlineData("Spectre.Console", "client")]
    [InlineData("System.CommandLine", "client")]
    public void Libraries_are_used_only_on_their_floor(string library, params string[] floors)
    {
        Violations found = new($"'{library}' is used only by: {string.Join(", ", floors.DefaultIfEmpty("nobody here"))}.");
        foreach ((string project, Assembly assembly) in Built.Where(b => !floors.Contains(b.Project)))
        {
            foreach (string name in assembly.GetReferencedAssemblies().Select(a => a.Name!).Where(n => n == library || n.StartsWith(library + ".", StringComparison.Ordinal)))
            {
                found.Add(project, 0, $"uses {name}");
            }
        }

        found.AssertNone();
    }

    [Fact]
    public void Git_uses_nothing_but_the_runtime() =>
        Assert.All(Built[0].Assembly.GetReferencedAssemblies(), a => Assert.True(File.Exists(Path.Combine(RuntimeEnvironment.GetRuntimeDirectory(), a.Name + ".dll")), a.Name));
}
