using System.Diagnostics;
using System.Net;
using System.Text;
using System.Text.Json;
using Xunit;

namespace Actors.EndToEnd.Tests;

/// <summary><c>actors serve</c> in a process of its own, on a port that the system chose.</summary>
internal sealed class ServeProcess : IAsyncDisposable
{
    private readonly StringBuilder _said = new();
    private readonly Process _process;

    private ServeProcess(Process process) => _process = process;

    public HttpClient Client { get; } = new();

    /// <summary>What it wrote to its error channel so far.</summary>
    public string Said
    {
        get
        {
            lock (_said)
            {
                return _said.ToString();
            }
        }
    }

    public int Id => _process.Id;

    /// <summary>Starts it, and waits until it says where it listens.</summary>
    public static async Task<ServeProcess> StartAsync(params string[] arguments)
    {
        ServeProcess serve = new(ActorsProcess.Start(["serve", "--listen", "127.0.0.1:0", .. arguments]));
        TaskCompletionSource<Uri> listens = new(TaskCreationOptions.RunContinuationsAsynchronously);
        serve._process.OutputDataReceived += (_, _) => { };
        serve._process.ErrorDataReceived += (_, e) =>
        {
            lock (serve._said)
            {
                serve._said.AppendLine(e.Data);
            }

            if (e.Data is null)
            {
                listens.TrySetException(new InvalidOperationException("It ended: " + serve.Said));
            }
            else if (e.Data.StartsWith("Listening on ", StringComparison.Ordinal))
            {
                listens.TrySetResult(new Uri(e.Data.Split(' ')[2]));
            }
        };
        serve._process.BeginOutputReadLine();
        serve._process.BeginErrorReadLine();
        serve.Client.BaseAddress = await listens.Task;
        return serve;
    }

    /// <summary>Submits a list.</summary>
    /// <returns>The campaign's number.</returns>
    public async Task<long> SubmitAsync(string list)
    {
        using StringContent content = new(list, Encoding.UTF8, "text/plain");
        using HttpResponseMessage answer = await Client.PostAsync("/api/v1/campaigns?name=test", content);
        string text = await answer.Content.ReadAsStringAsync();
        Assert.True(answer.StatusCode == HttpStatusCode.Created, text);
        return JsonDocument.Parse(text).RootElement.GetProperty("id").GetInt64();
    }

    /// <summary>Follows the campaign's report to its end.</summary>
    public async Task<List<JsonElement>> FollowReportAsync(long campaign, Action<JsonElement>? each = null)
    {
        List<JsonElement> lines = [];
        using Stream stream = await Client.GetStreamAsync($"/api/v1/campaigns/{campaign}/report?follow=true");
        using StreamReader reader = new(stream);
        while (await reader.ReadLineAsync() is { } line)
        {
            if (line.StartsWith('{'))
            {
                lines.Add(JsonDocument.Parse(line).RootElement);
                each?.Invoke(lines[^1]);
            }
        }

        return lines;
    }

    public async Task<JsonElement> GetAsync(string path) => JsonDocument.Parse(await Client.GetStringAsync(path)).RootElement;

    /// <summary>Kill −9.</summary>
    public async Task KillAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync();
    }

    /// <summary>Sends SIGTERM, and waits for the end.</summary>
    /// <returns>The exit code.</returns>
    public async Task<int> StopAsync(string signal = "TERM")
    {
        using Process kill = Process.Start("kill", ["-" + signal, _process.Id.ToString(System.Globalization.CultureInfo.InvariantCulture)]);
        await kill.WaitForExitAsync();
        await _process.WaitForExitAsync();
        return _process.ExitCode;
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        if (!_process.HasExited)
        {
            _process.Kill();
            await _process.WaitForExitAsync();
        }

        _process.Dispose();
    }
}
