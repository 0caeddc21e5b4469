using System.Diagnostics;
using Actors.Web.Forges;

namespace Actors.EndToEnd.Tests.Kills;

/// <summary>
/// Runs <c>actors</c> and kills it (SIGKILL) at the n-th change in the store's folder or the n-th request to the forge: moments
/// counted by what it does, not by a clock, so that they fall between its steps on slow and fast machines alike.
/// </summary>
internal sealed class DoomedRun
{
    private readonly int _number;
    private readonly Lock _lock = new();
    private Process? _process;
    private int _counted;
    private string _last = "";
    private bool _killed;

    private DoomedRun(int number) => _number = number;

    /// <summary>Runs to the end, or to the moment.</summary>
    /// <param name="folder">The store's folder, which is there.</param>
    /// <param name="forge">Whose requests are counted.</param>
    /// <param name="trigger">What is counted.</param>
    /// <param name="number">At which one it is killed, from 1.</param>
    /// <param name="arguments">The command line.</param>
    public static Task<KillReport> RunAsync(string folder, LocalForge forge, KillTrigger trigger, int number, params string[] arguments) => RunAsync(
        folder,
        count => forge.Behaviour = count is null ? new ForgeBehaviour() : new ForgeBehaviour
        {
            Answer = request =>
            {
                count($"{request.Method} {request.Repository}/{request.Endpoint}");
                return null;
            },
        },
        trigger,
        number,
        arguments);

    /// <summary>As above, against any server.</summary>
    /// <param name="folder">The store's folder, which is there.</param>
    /// <param name="listen">Lets a server tell its requests to what it is given; to nobody any more when that is null.</param>
    /// <param name="trigger">What is counted.</param>
    /// <param name="number">At which one it is killed, from 1.</param>
    /// <param name="arguments">The command line.</param>
    public static async Task<KillReport> RunAsync(string folder, Action<Action<string>?> listen, KillTrigger trigger, int number, params string[] arguments)
    {
        DoomedRun run = new(number);
        using FileSystemWatcher watcher = new(folder) { IncludeSubdirectories = true, InternalBufferSize = 1 << 16 };
        watcher.NotifyFilter = NotifyFilters.FileName | NotifyFilters.DirectoryName | (trigger == KillTrigger.Writes ? NotifyFilters.LastWrite | NotifyFilters.Size : 0);
        if (trigger == KillTrigger.Requests)
        {
            listen(run.Count);
        }
        else
        {
            watcher.Created += (_, e) => run.Count("made " + e.Name);
            watcher.Deleted += (_, e) => run.Count("removed " + e.Name);
            watcher.Renamed += (_, e) => run.Count($"renamed {e.OldName} to {e.Name}");
            watcher.Changed += (_, e) => run.Count("wrote " + e.Name);
            watcher.EnableRaisingEvents = true;
        }

        try
        {
            return await run.WaitAsync(ActorsProcess.Start(arguments));
        }
        finally
        {
            listen(null);
        }
    }

    private async Task<KillReport> WaitAsync(Process process)
    {
        using (process)
        {
            lock (_lock)
            {
                _process = process;
                KillIfDue();
            }

            Task<string> errors = process.StandardError.ReadToEndAsync();
            await process.StandardOutput.ReadToEndAsync();
            await process.WaitForExitAsync();
            string said = await errors;
            lock (_lock)
            {
                _process = null;
                // 137 is 128 + SIGKILL: a moment that came after the end is no kill.
                return new KillReport(_killed && process.ExitCode == 137, process.ExitCode, _counted, _last, said);
            }
        }
    }

    private void Count(string what)
    {
        lock (_lock)
        {
            if (!_killed)
            {
                _counted++;
                _last = what;
                KillIfDue();
            }
        }
    }

    private void KillIfDue()
    {
        if (_counted >= _number && _process is not null && !_killed)
        {
            _killed = true;
            _process.Kill();
        }
    }
}
