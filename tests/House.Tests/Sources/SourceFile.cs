using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Actors.House.Tests.Sources;

/// <summary>A C# file of the checkout, parsed.</summary>
/// <param name="Path">From the checkout's root.</param>
/// <param name="Root">Its syntax.</param>
internal sealed record SourceFile(string Path, CompilationUnitSyntax Root)
{
    private static readonly Lazy<IReadOnlyList<SourceFile>> AllFiles = new(() => [.. Checkout.Files.Where(f => f.EndsWith(".cs", StringComparison.Ordinal)).Select(Parse)]);

    /// <summary>Every C# file.</summary>
    public static IReadOnlyList<SourceFile> All => AllFiles.Value;

    /// <summary>What is shipped: all but the tests.</summary>
    public static IEnumerable<SourceFile> Product => All.Where(file => !file.IsTest);

    /// <summary>The tests, their kit and the benchmarks.</summary>
    public static IEnumerable<SourceFile> Tests => All.Where(file => file.IsTest);

    public bool IsTest => Path.StartsWith("tests/", StringComparison.Ordinal);

    /// <summary>Types that stand in no other type, delegates too.</summary>
    public IEnumerable<MemberDeclarationSyntax> TopTypes =>
        Root.DescendantNodes(node => node is CompilationUnitSyntax or BaseNamespaceDeclarationSyntax)
            .OfType<MemberDeclarationSyntax>().Where(node => node is BaseTypeDeclarationSyntax or DelegateDeclarationSyntax);

    /// <summary>All nodes of a kind.</summary>
    public IEnumerable<T> Nodes<T>()
        where T : SyntaxNode => Root.DescendantNodes().OfType<T>();

    /// <summary>Line from 1 at which a node begins, attributes and documentation left out.</summary>
    public static int LineOf(SyntaxNode node) => node.GetLocation().GetLineSpan().StartLinePosition.Line + 1;

    /// <summary>The name of a type or delegate.</summary>
    public static string NameOf(MemberDeclarationSyntax type) => type switch
    {
        BaseTypeDeclarationSyntax named => named.Identifier.ValueText,
        DelegateDeclarationSyntax named => named.Identifier.ValueText,
        _ => "",
    };

    private static SourceFile Parse(string path) =>
        new(path, CSharpSyntaxTree.ParseText(Checkout.Read(path), new CSharpParseOptions(LanguageVersion.Preview)).GetCompilationUnitRoot());
}
