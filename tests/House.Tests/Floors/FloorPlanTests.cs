using Xunit;

namespace Actors.House.Tests.Floors;

public sealed class FloorPlanTests
{
    private const string Git = "<ProjectReference Include=\"../Git/Git.csproj\" />";
    private const string Store = "<ProjectReference Include=\"../Store/Store.csproj\" />";
    private const string Web = "<ProjectReference Include=\"../Web/Web.csproj\" />";
    private const string Sqlite = "<PackageReference Include=\"Microsoft.Data.Sqlite.Core\" />";

    [Fact]
    public async Task A_forbidden_reference_fails_the_build_however_it_comes()
    {
        using ScratchBuild build = new();
        build.Add("allowed/Git", "")
            .Add("allowed/Store", Git + "<PackageReference Include=\"Microsoft.Data.Sqlite.Core\" PrivateAssets=\"compile\" />")
            .Add("allowed/Sync", Git + Store)
            .Add("package/Git", "<PackageReference Include=\"Polly\" />")
            .Add("project/Store", "")
            .Add("project/Git", Store)
            .Add("carried-package/Git", "")
            .Add("carried-package/Store", Sqlite)
            .Add("carried-package/Sync", Git + Store)
            .Add("carried-project/Store", "")
            .Add("carried-project/Web", Store)
            .Add("carried-project/Git.Tests", Web, "<DisableTransitiveProjectReferences>false</DisableTransitiveProjectReferences>")
            .Add("framework/Git", "<FrameworkReference Include=\"Microsoft.AspNetCore.App\" />")
            .Add("file/Git", $"<Reference Include=\"Smuggled\"><HintPath>{typeof(FactAttribute).Assembly.Location}</HintPath></Reference>");
        IReadOnlyList<string> errors = await build.RunAsync();
        Assert.Equal(
            [
                "carried-package/Sync FLOOR2 Microsoft.Data.Sqlite.Core",
                "carried-package/Sync FLOOR2 SQLitePCLRaw.core",
                "carried-project/Git.Tests FLOOR1 Store",
                "file/Git FLOOR4 xunit.v3.core.dll",
                "framework/Git FLOOR3 Microsoft.AspNetCore.App",
                "package/Git FLOOR2 Polly",
                "package/Git FLOOR2 Polly.Core",
                "project/Git FLOOR1 Store",
            ],
            errors);
    }

    [Fact]
    public async Task A_project_without_a_line_fails_the_build()
    {
        using ScratchBuild build = new();
        Assert.Contains("'Cellar' is not in src/FloorPlan.props", Assert.Single(await build.Add("unknown/Cellar", "").RunAsync()), StringComparison.Ordinal);
    }
}
