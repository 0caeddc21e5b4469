using Microsoft.Extensions.Logging;

namespace Actors.Silo;

/// <summary>What a silo writes to its output: one line a change of state, and of Orleans what an operator can do something about.</summary>
internal static class SiloLogs
{
    /// <summary>
    /// Categories that tell of each attempt to reach a silo that died, with its stack: pages for one kill. That a silo is missed, suspected and
    /// declared dead is told by the membership, once each.
    /// </summary>
    private static readonly (string Category, LogLevel Least)[] Quiet =
    [
        ("Orleans.Messaging", LogLevel.Critical),
        ("Orleans.Runtime.Messaging", LogLevel.Error),
        ("Orleans.Runtime.GrainDirectory", LogLevel.Critical),
        ("Orleans.Runtime.Metadata", LogLevel.Error),
        ("Orleans.Runtime.MembershipService.MembershipSystemTarget", LogLevel.Error),
        ("Orleans.Runtime.Scheduler", LogLevel.Error),
        ("Orleans.Runtime.Silo", LogLevel.Error),
        ("Orleans.Runtime.Watchdog", LogLevel.Error),
    ];

    /// <param name="logging">Of the host.</param>
    /// <param name="least">As it was set; below Information all of Orleans is told too.</param>
    public static void Configure(ILoggingBuilder logging, LogLevel least)
    {
        bool all = least < LogLevel.Information;
        logging.SetMinimumLevel(least).AddFilter("Orleans", level => level >= (all ? least : LogLevel.Warning));
        foreach ((string category, LogLevel quiet) in all ? [] : Quiet)
        {
            logging.AddFilter(category, quiet);
        }

        logging.AddFilter("Actors.Grains.Silos.SiloTeller", LogLevel.Warning).AddFilter("Actors.Grains.Registry.RegistrationTeller", LogLevel.Warning).AddFilter("Microsoft", LogLevel.Warning);
        logging.AddSimpleConsole(console => (console.SingleLine, console.TimestampFormat, console.UseUtcTimestamp) = (true, "yyyy-MM-ddTHH:mm:ssZ ", true));
    }
}
