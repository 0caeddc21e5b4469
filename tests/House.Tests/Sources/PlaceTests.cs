using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Xunit;

namespace Actors.House.Tests.Sources;

/// <summary>What may be said only in some places.</summary>
public sealed class PlaceTests
{
    [Fact]
    public void Http_is_spoken_only_in_Git_Transport_Store_Blobs_S3_Loaders_and_Web() => AssertOnlyIn(
        "HTTP lives in Git/Transport, Loaders and Web (a silo hosts Web's application in SiloHost); the S3 client's connections and failures in Store/Blobs/S3.",
        name => name.StartsWith("System.Net.Http", StringComparison.Ordinal) || name.StartsWith("Microsoft.AspNetCore", StringComparison.Ordinal),
        "src/Git/Transport/", "src/Store/Blobs/S3/", "src/Loaders/", "src/Web/", "silo/SiloHost.cs");

    [Fact]
    public void SQL_is_spoken_only_in_Store() => AssertOnlyIn(
        "SQL lives in Store.",
        name => name.StartsWith("Microsoft.Data.Sqlite", StringComparison.Ordinal) || name.StartsWith("Npgsql", StringComparison.Ordinal) || name.StartsWith("System.Data", StringComparison.Ordinal),
        "src/Store/");

    [Fact]
    public void Orleans_is_used_only_in_Grains_and_silo() => AssertOnlyIn(
        "Orleans lives in Grains and silo.",
        name => name.StartsWith("Orleans", StringComparison.Ordinal),
        "src/Grains/", "silo/");

    [Fact]
    public void Tests_do_not_sleep()
    {
        Violations found = new("No sleeps: arm the wait, act once, await the event.");
        // Benchmarks are no tests: their servers may be slow on purpose.
        foreach (SourceFile file in SourceFile.Tests.Where(f => !f.Path.StartsWith("tests/Benchmarks/", StringComparison.Ordinal)))
        {
            foreach (MemberAccessExpressionSyntax access in file.Nodes<MemberAccessExpressionSyntax>())
            {
                string name = $"{access.Expression}.{access.Name}";
                // A delay on a clock that the test moves is no sleep, nor is waiting for ever to be cancelled.
                if (access.Parent is InvocationExpressionSyntax call
                    && (call.ArgumentList.ToString().Contains("Infinite", StringComparison.Ordinal) || call.ArgumentList.Arguments.Skip(1).Any(a => a.ToString().Contains("time", StringComparison.OrdinalIgnoreCase) || a.ToString().Contains("clock", StringComparison.OrdinalIgnoreCase))))
                {
                    continue;
                }

                if (name.EndsWith("Thread.Sleep", StringComparison.Ordinal) || name.EndsWith("Task.Delay", StringComparison.Ordinal) || name.EndsWith("SpinWait.SpinUntil", StringComparison.Ordinal))
                {
                    found.Add(file.Path, SourceFile.LineOf(access), name);
                }
            }
        }

        found.AssertNone();
    }

    [Fact]
    public void Limits_are_named_in_one_file_of_each_project()
    {
        Violations found = new("What bytes from outside may cost is named in the project's Limits.cs, each figure with its reason.");
        foreach (SourceFile file in SourceFile.Product.Where(f => Path.GetFileName(f.Path) == "Limits.cs"))
        {
            foreach (FieldDeclarationSyntax field in file.Nodes<FieldDeclarationSyntax>())
            {
                if (!field.GetLeadingTrivia().ToString().Contains("///", StringComparison.Ordinal))
                {
                    found.Add(file.Path, SourceFile.LineOf(field), $"'{field.Declaration.Variables[0].Identifier}' has no reason");
                }
            }
        }

        found.AssertNone();
    }

    private static void AssertOnlyIn(string rule, Func<string, bool> isOfThem, params string[] places)
    {
        Violations found = new(rule);
        foreach (SourceFile file in SourceFile.Product.Where(f => !places.Any(place => f.Path.StartsWith(place, StringComparison.Ordinal))))
        {
            foreach (UsingDirectiveSyntax directive in file.Nodes<UsingDirectiveSyntax>().Where(u => u.Name is not null && isOfThem(u.Name.ToString())))
            {
                found.Add(file.Path, SourceFile.LineOf(directive), directive.Name!.ToString());
            }

            foreach (SyntaxNode name in file.Root.DescendantNodes().Where(n => n is QualifiedNameSyntax or MemberAccessExpressionSyntax && n.Parent is not UsingDirectiveSyntax))
            {
                if (isOfThem(name.ToString()))
                {
                    found.Add(file.Path, SourceFile.LineOf(name), name.ToString());
                }
            }
        }

        found.AssertNone();
    }
}
