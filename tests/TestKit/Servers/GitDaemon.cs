using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Actors.TestKit.Git;

namespace Actors.TestKit.Servers;

/// <summary>git's own daemon, serving a folder of bare repositories by <c>git://</c> on the loopback address.</summary>
public sealed class GitDaemon : IDisposable
{
    private const int PortsTried = 10;

    private readonly Process _daemon;

    private GitDaemon(Process daemon, int port)
    {
        _daemon = daemon;
        Port = port;
    }

    /// <summary>Where it listens, on 127.0.0.1.</summary>
    public int Port { get; }

    /// <summary>Starts the daemon and waits until it listens.</summary>
    /// <exception cref="InvalidOperationException">This git has no daemon, or it does not start.</exception>
    public static GitDaemon Start(string folder)
    {
        GitCommand git = new(folder);
        string program = Path.Combine(git.Run("--exec-path"), "git-daemon");
        if (!File.Exists(program))
        {
            throw new InvalidOperationException($"This git has no daemon ({program}).");
        }

        for (int attempt = 0; attempt < PortsTried; attempt++)
        {
            int port = FreePort();
            ProcessStartInfo start = git.Describe("--reuseaddr", "--verbose", "--export-all", "--listen=127.0.0.1", $"--port={port}", $"--base-path={git.Folder}");
            start.FileName = program;
            Process daemon = Process.Start(start)!;
            while (daemon.StandardError.ReadLine() is { } line)
            {
                if (line.Contains("Ready to rumble", StringComparison.Ordinal))
                {
                    _ = daemon.StandardError.ReadToEndAsync();
                    return new GitDaemon(daemon, port);
                }
            }

            daemon.WaitForExit();
            daemon.Dispose();
        }

        throw new InvalidOperationException($"git daemon found none of {PortsTried} ports free.");
    }

    /// <summary>The URL of a repository.</summary>
    public string UrlOf(string repository) => $"git://127.0.0.1:{Port}/{repository}";

    /// <inheritdoc/>
    public void Dispose()
    {
        if (!_daemon.HasExited)
        {
            _daemon.Kill(entireProcessTree: true);
            _daemon.WaitForExit();
        }

        _daemon.Dispose();
    }

    private static int FreePort()
    {
        using TcpListener listener = new(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
