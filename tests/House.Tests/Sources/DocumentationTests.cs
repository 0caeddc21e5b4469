using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Xunit;

namespace Actors.House.Tests.Sources;

public sealed class DocumentationTests
{
    [Fact]
    public void Public_types_are_documented()
    {
        Violations found = new("A public type says what it is: shapes, units, errors, source.");
        IEnumerable<IGrouping<string, (SourceFile File, MemberDeclarationSyntax Type)>> types = SourceFile.Product
            .SelectMany(file => file.TopTypes.Select(type => (File: file, Type: type)))
            .Where(entry => entry.Type.Modifiers.Any(SyntaxKind.PublicKeyword))
            .GroupBy(entry => Path.GetDirectoryName(entry.File.Path) + "/" + SourceFile.NameOf(entry.Type));
        foreach (IGrouping<string, (SourceFile File, MemberDeclarationSyntax Type)> parts in types)
        {
            if (!parts.Any(part => part.Type.GetLeadingTrivia().Any(t => t.IsKind(SyntaxKind.SingleLineDocumentationCommentTrivia))))
            {
                found.Add(parts.First().File.Path, SourceFile.LineOf(parts.First().Type), parts.Key);
            }
        }

        found.AssertNone();
    }
}
