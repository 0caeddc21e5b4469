using System.Globalization;
using Actors.Client.Screens;
using Actors.Git.Remotes;
using Spectre.Console;

namespace Actors.Client.Listings;

/// <summary>Shows how far a listing is: a line that is drawn over itself on a terminal, one now and then elsewhere. Calls may come from any thread.</summary>
internal sealed class ListingScreen(Terminal terminal, TimeProvider clock, bool quiet)
{
    private static readonly TimeSpan PlainInterval = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan LiveInterval = TimeSpan.FromMilliseconds(200);
    private readonly LivePicture? _live = !quiet && terminal.IsWatched ? new LivePicture(terminal.Screen) : null;
    private readonly Lock _gate = new();
    private readonly long _began = clock.GetTimestamp();
    private TimeSpan _shown;
    private string _source = "";
    private long _repositories;

    /// <summary>A further source begins.</summary>
    public void Begin(string source, bool resumed)
    {
        lock (_gate)
        {
            (_source, _repositories) = (source, 0);
        }

        if (resumed && !quiet)
        {
            Say($"{source}: goes on where the last listing was");
        }
    }

    /// <summary>A page came.</summary>
    public void Progress(long repositories)
    {
        lock (_gate)
        {
            _repositories = repositories;
            TimeSpan now = clock.GetElapsedTime(_began);
            if (!quiet && now - _shown >= (_live is null ? PlainInterval : LiveInterval))
            {
                _shown = now;
                Show($"{_source}: {Quantities.Count(_repositories)} repositories");
            }
        }
    }

    /// <summary>A host asked for patience.</summary>
    public void Wait(ForgeHost host, DateTimeOffset until)
    {
        // Below a second it is only our own pace.
        if (until - clock.GetUtcNow() is { TotalSeconds: >= 1 } time && !quiet)
        {
            lock (_gate)
            {
                Show(string.Create(CultureInfo.InvariantCulture, $"{_source}: {Quantities.Count(_repositories)} repositories; {host} is left alone for {Quantities.Duration(time)}"));
            }
        }
    }

    /// <summary>A line that stays.</summary>
    public void Say(string line)
    {
        lock (_gate)
        {
            if (_live is not null)
            {
                _live.WriteLine(CampaignScreen.Printable(line));
            }
            else
            {
                terminal.Screen.WriteLine(CampaignScreen.Printable(line));
            }
        }
    }

    /// <summary>Takes the live line away.</summary>
    public void End()
    {
        lock (_gate)
        {
            _live?.Erase();
        }
    }

    private void Show(string line)
    {
        if (_live is not null)
        {
            _live.Draw(new Text(line));
        }
        else
        {
            terminal.Screen.WriteLine(line);
        }
    }
}
