using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Xunit;

namespace Actors.House.Tests.Sources;

/// <summary>"Words" of the house guide.</summary>
public sealed class NameTests
{
    private static readonly string[] Endings = ["Manager", "Helper", "Helpers", "Util", "Utils", "Common", "Processor", "Service", "Data", "Info", "Impl"];

    /// <summary>"Common" is git's own word there, for what both sides have.</summary>
    private static readonly string[] Excepted = ["NothingInCommon"];

    private static readonly string[] TaskTypes = ["Task", "ValueTask"];

    [Fact]
    public void No_type_has_a_name_that_says_nothing()
    {
        Violations found = new($"No type ends in {string.Join(", ", Endings)}: find the noun.");
        foreach (SourceFile file in SourceFile.All)
        {
            foreach (MemberDeclarationSyntax type in file.Nodes<MemberDeclarationSyntax>().Where(n => n is BaseTypeDeclarationSyntax or DelegateDeclarationSyntax))
            {
                string name = SourceFile.NameOf(type);
                if (Endings.Any(ending => name.EndsWith(ending, StringComparison.Ordinal)) && !Excepted.Contains(name))
                {
                    found.Add(file.Path, SourceFile.LineOf(type), name);
                }
            }
        }

        found.AssertNone();
    }

    [Fact]
    public void Private_fields_begin_with_an_underscore()
    {
        Violations found = new("Private fields are named _likeThis; constants and static read-only tables LikeThis.");
        foreach (SourceFile file in SourceFile.All)
        {
            foreach (FieldDeclarationSyntax field in file.Nodes<FieldDeclarationSyntax>().Where(IsPrivate))
            {
                bool table = field.Modifiers.Any(SyntaxKind.ConstKeyword)
                    || (field.Modifiers.Any(SyntaxKind.StaticKeyword) && field.Modifiers.Any(SyntaxKind.ReadOnlyKeyword));
                foreach (string name in field.Declaration.Variables.Select(v => v.Identifier.ValueText))
                {
                    bool underscored = name.Length > 1 && name[0] == '_' && char.IsLower(name[1]);
                    if (!underscored && !(table && char.IsUpper(name[0])))
                    {
                        found.Add(file.Path, SourceFile.LineOf(field), name);
                    }
                }
            }
        }

        found.AssertNone();
    }

    [Fact]
    public void What_returns_a_task_is_called_Async()
    {
        Violations found = new("A method that returns a task ends in Async.");
        foreach (SourceFile file in SourceFile.All)
        {
            foreach (MethodDeclarationSyntax method in file.Nodes<MethodDeclarationSyntax>().Where(m => IsOurs(m) && !IsTestMethod(m)))
            {
                string name = method.Identifier.ValueText;
                if (TaskTypes.Contains(TypeName(method.ReturnType)) && !name.EndsWith("Async", StringComparison.Ordinal) && name != "Main")
                {
                    found.Add(file.Path, SourceFile.LineOf(method), name);
                }
            }
        }

        found.AssertNone();
    }

    [Fact]
    public void The_cancellation_token_is_the_last_parameter()
    {
        Violations found = new("A CancellationToken is the last parameter.");
        foreach (SourceFile file in SourceFile.All)
        {
            foreach (ParameterListSyntax list in file.Nodes<ParameterListSyntax>().Where(l => l.Parent is not (LambdaExpressionSyntax or AnonymousMethodExpressionSyntax)))
            {
                // A constructor may keep the token among its settings; a call hands it on last.
                if (list.Parent is MethodDeclarationSyntax method && IsOurs(method))
                {
                    // "params" comes last in the language.
                    bool open = list.Parameters.LastOrDefault()?.Modifiers.Any(SyntaxKind.ParamsKeyword) == true;
                    ParameterSyntax? early = list.Parameters.SkipLast(open ? 2 : 1).FirstOrDefault(p => p.Type is not null && TypeName(p.Type) == "CancellationToken");
                    if (early is not null)
                    {
                        found.Add(file.Path, SourceFile.LineOf(early), method.Identifier.ValueText);
                    }
                }
            }
        }

        found.AssertNone();
    }

    [Fact]
    public void Test_names_are_sentences()
    {
        Violations found = new("Tests are named by sentences, Like_this_one, in classes that end in Tests.");
        foreach (SourceFile file in SourceFile.Tests)
        {
            foreach (MethodDeclarationSyntax method in file.Nodes<MethodDeclarationSyntax>().Where(IsTestMethod))
            {
                string name = method.Identifier.ValueText;
                if (!name.Contains('_', StringComparison.Ordinal) || !(char.IsUpper(name[0]) || char.IsDigit(name[0])))
                {
                    found.Add(file.Path, SourceFile.LineOf(method), name);
                }

                if (method.Parent is TypeDeclarationSyntax type && !type.Identifier.ValueText.EndsWith("Tests", StringComparison.Ordinal)
                    && !type.Modifiers.Any(SyntaxKind.AbstractKeyword))
                {
                    found.Add(file.Path, SourceFile.LineOf(type), type.Identifier.ValueText);
                }
            }
        }

        found.AssertNone();
    }

    private static bool IsPrivate(FieldDeclarationSyntax field) =>
        !field.Modifiers.Any(m => m.IsKind(SyntaxKind.PublicKeyword) || m.IsKind(SyntaxKind.InternalKeyword) || m.IsKind(SyntaxKind.ProtectedKeyword));

    /// <summary>Not a name that someone else chose: no override, no explicit implementation.</summary>
    private static bool IsOurs(MethodDeclarationSyntax method) =>
        !method.Modifiers.Any(SyntaxKind.OverrideKeyword) && method.ExplicitInterfaceSpecifier is null;

    private static bool IsTestMethod(MethodDeclarationSyntax method) =>
        method.AttributeLists.SelectMany(l => l.Attributes).Any(a => a.Name.ToString() is "Fact" or "Theory" or "Property" or "Benchmark" or "GlobalSetup" or "GlobalCleanup");

    private static string TypeName(TypeSyntax type) => type switch
    {
        QualifiedNameSyntax qualified => TypeName(qualified.Right),
        SimpleNameSyntax simple => simple.Identifier.ValueText,
        _ => "",
    };
}
