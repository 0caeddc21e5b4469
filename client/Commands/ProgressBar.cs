using Spectre.Console;

namespace Actors.Client.Commands;

/// <summary>A bar for long work that knows how much there is; nothing where nobody watches.</summary>
internal static class ProgressBar
{
    public static async Task<T> RunAsync<T>(Terminal terminal, string what, Func<IProgress<(long Done, long Total)>?, Task<T>> work)
    {
        if (!terminal.IsWatched)
        {
            return await work(null);
        }

        return await terminal.Screen.Progress().AutoClear(true).StartAsync(async context =>
        {
            ProgressTask bar = context.AddTask(what);
            return await work(new Reporter(bar));
        });
    }

    private sealed class Reporter(ProgressTask bar) : IProgress<(long Done, long Total)>
    {
        public void Report((long Done, long Total) value)
        {
            bar.MaxValue = Math.Max(1, value.Total);
            bar.Value = value.Done;
        }
    }
}
