using System.Diagnostics;

namespace Actors.Benchmarks.Unchanged;

/// <summary>This program again, with another verb.</summary>
internal static class OwnProcess
{
    public static Process Start(string[] arguments, string? trustedCertificate, bool input = false)
    {
        ProcessStartInfo start = new(Environment.ProcessPath!, arguments) { RedirectStandardOutput = true, RedirectStandardInput = input };
        if (Path.GetFileNameWithoutExtension(Environment.ProcessPath) == "dotnet")
        {
            start.ArgumentList.Insert(0, typeof(OwnProcess).Assembly.Location);
        }

        if (trustedCertificate is not null)
        {
            start.Environment["SSL_CERT_FILE"] = trustedCertificate;
        }

        return Process.Start(start)!;
    }

    /// <summary>Runs to the end; the words of its last line of output.</summary>
    public static async Task<string[]> RunAsync(string[] arguments, string? trustedCertificate)
    {
        using Process process = Start(arguments, trustedCertificate);
        string output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        return process.ExitCode == 0
            ? output.TrimEnd().Split('\n')[^1].Split(' ')
            : throw new InvalidOperationException($"{string.Join(' ', arguments)} ended with {process.ExitCode}: {output}");
    }
}
