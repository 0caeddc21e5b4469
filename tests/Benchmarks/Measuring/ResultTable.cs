using System.Runtime.InteropServices;
using System.Text;

namespace Actors.Benchmarks.Measuring;

/// <summary>A table of results in Markdown: what was run, on what, and the command that repeats it.</summary>
internal sealed class ResultTable(string title, string method, IReadOnlyList<string> columns)
{
    private readonly List<string[]> _rows = [];

    public void Add(params string[] row)
    {
        _rows.Add(row);
        Console.WriteLine(string.Join(" | ", row));
    }

    /// <summary>Writes <c>tests/Benchmarks/Results/NAME</c> of the checkout that this was built from; beside the program when there is none.</summary>
    public async Task WriteAsync(string name)
    {
        StringBuilder text = new();
        text.Append("# ").AppendLine(title).AppendLine();
        text.AppendLine(method).AppendLine();
        text.Append("Repeat: `dotnet run --project tests/Benchmarks -c Release -- ")
            .Append(string.Join(' ', Environment.GetCommandLineArgs().Skip(1).Select(a => Path.IsPathRooted(a) ? "…/" + Tail(a) : a)))
            .AppendLine("`").AppendLine();
        text.AppendLine(System.Globalization.CultureInfo.InvariantCulture,
            $"Machine: {Environment.ProcessorCount} cores, {RuntimeInformation.OSDescription}, {RuntimeInformation.FrameworkDescription}.").AppendLine();
        text.Append("| ").AppendJoin(" | ", columns).AppendLine(" |");
        text.Append('|').Insert(text.Length, "---|", columns.Count).AppendLine();
        foreach (string[] row in _rows)
        {
            text.Append("| ").AppendJoin(" | ", row).AppendLine(" |");
        }

        string path = Path.Combine(ResultsFolder(), name);
        await File.WriteAllTextAsync(path, text.ToString());
        Console.WriteLine($"written: {path}");
    }

    /// <summary>The last two steps of a path: enough to know a repository by, no machine's folders.</summary>
    private static string Tail(string path) => string.Join('/', path.Split('/', StringSplitOptions.RemoveEmptyEntries).TakeLast(2));

    private static string ResultsFolder()
    {
        for (DirectoryInfo? folder = new(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            string results = Path.Combine(folder.FullName, "tests", "Benchmarks", "Results");
            if (Directory.Exists(results))
            {
                return results;
            }
        }

        return AppContext.BaseDirectory;
    }
}
