using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;

namespace Actors.Benchmarks.Unchanged;

/// <summary>
/// The rival in one process: libgit2's own ls-remote on a number of threads, <c>libgit2-client ADDRESS REPOSITORIES THREADS</c>. Prints
/// wall and CPU seconds. It connects anew for each repository and speaks protocol v0, as its public interface does.
/// </summary>
internal static partial class LibGit2Client
{
    private const string Library = "libgit2.so.1.5";

    public static bool IsHere => NativeLibrary.TryLoad(Library, out _);

    public static Task<int> RunAsync(string[] args)
    {
        (string address, int repositories, int threads) = (args[0], int.Parse(args[1], CultureInfo.InvariantCulture), int.Parse(args[2], CultureInfo.InvariantCulture));
        _ = git_libgit2_init();
        List(address + "/warm/up.git");
        using Process self = Process.GetCurrentProcess();
        TimeSpan cpu = self.TotalProcessorTime;
        long start = Stopwatch.GetTimestamp();
        int next = 0;
        Thread[] workers = [.. Enumerable.Range(0, threads).Select(_ => new Thread(() =>
        {
            for (int number; (number = Interlocked.Increment(ref next)) <= repositories;)
            {
                List($"{address}/owner{number / 10}/repository-{number}.git");
            }
        }))];
        foreach (Thread worker in workers)
        {
            worker.Start();
        }

        foreach (Thread worker in workers)
        {
            worker.Join();
        }

        TimeSpan wall = Stopwatch.GetElapsedTime(start);
        self.Refresh();
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{wall.TotalSeconds} {(self.TotalProcessorTime - cpu).TotalSeconds}"));
        return Task.FromResult(0);
    }

    private static void List(string url)
    {
        Check(git_remote_create_detached(out nint remote, url), "create");
        Check(git_remote_connect(remote, 0, 0, 0, 0), "connect");
        Check(git_remote_ls(out _, out nuint count, remote), "ls");
        if (count != 5)
        {
            throw new InvalidOperationException($"libgit2 shows {count} refs.");
        }

        _ = git_remote_disconnect(remote);
        git_remote_free(remote);
    }

    private static void Check(int result, string call)
    {
        if (result != 0)
        {
            throw new InvalidOperationException($"libgit2: {call} returned {result}.");
        }
    }

    [LibraryImport(Library)]
    private static partial int git_libgit2_init();

    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int git_remote_create_detached(out nint remote, string url);

    [LibraryImport(Library)]
    private static partial int git_remote_connect(nint remote, int direction, nint callbacks, nint proxy, nint headers);

    [LibraryImport(Library)]
    private static partial int git_remote_ls(out nint heads, out nuint size, nint remote);

    [LibraryImport(Library)]
    private static partial int git_remote_disconnect(nint remote);

    [LibraryImport(Library)]
    private static partial void git_remote_free(nint remote);
}
