using System.Net;
using System.Net.Http.Headers;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json;
using Actors.Silo;
using Actors.Silo.Settings;
using Actors.TestKit;
using Actors.TestKit.Servers;
using Xunit;

namespace Actors.Grains.Tests.Silos;

public sealed class SiloProcessTests(SharedPostgres postgres) : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Silos_speak_TLS_with_each_other_and_with_nobody_who_shows_no_certificate_of_theirs()
    {
        (string, string, string) store = await SiloProcess.MigrateAsync(postgres, _folder);
        using SiloCertificates ours = new(_folder.Make("ours")), foreign = new(_folder.Make("foreign"));
        await using SiloProcess first = await SiloProcess.StartAsync(store, "--name", "first", "--silo-certificate", ours.Sign("one"), "--silo-authority", ours.AuthorityFile);
        await using SiloProcess second = await SiloProcess.StartAsync(store, "--name", "second", "--silo-certificate", ours.Sign("two"), "--silo-authority", ours.AuthorityFile);

        // Each has the other's figures, which it asks of that silo itself; and shows both by the names that they were given.
        foreach (SiloProcess silo in new[] { first, second })
        {
            JsonElement[] silos = await SilosAsync(silo);
            Assert.Equal(["first", "second"], silos.Select(s => s.GetProperty("name").GetString()));
            Assert.All(silos, s => Assert.Equal(
                ("Active", true, typeof(SiloCommand).Assembly.GetName().Version!.ToString(3)),
                (s.GetProperty("status").GetString(), s.GetProperty("memoryBytes").GetInt64() > 0, s.GetProperty("version").GetString())));
        }

        using X509Certificate2 stranger = X509Certificate2.CreateFromPemFile(foreign.Sign("stranger"));
        Assert.False(await IsHeardAsync(second.Port, stranger));
        Assert.False(await IsHeardAsync(second.Port, null));
        using X509Certificate2 known = X509Certificate2.CreateFromPemFile(ours.Sign("three"));
        Assert.True(await IsHeardAsync(second.Port, known));
        Assert.Equal((0, 0), (await second.StopAsync(), await first.StopAsync()));
        Assert.Contains("has drained and is down.", first.Said, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_silos_API_asks_for_tokens_and_metrics_and_Orleans_dashboard_are_only_where_they_were_bound()
    {
        const string Reader = "read-0123456789abcdef0123456789", Writer = "write-0123456789abcdef0123456789";
        string tokens = _folder["tokens"];
        await File.WriteAllTextAsync(tokens, $"read {Reader}\nwrite {Writer}\n");
        (string, string, string) store = await SiloProcess.MigrateAsync(postgres, _folder);
        IPEndPoint metrics = new(IPAddress.Loopback, SiloProcess.FreePort()), orleans = new(IPAddress.Loopback, SiloProcess.FreePort());
        await using SiloProcess silo = await SiloProcess.StartAsync(store, "--tokens", tokens, "--metrics", metrics.ToString(), "--orleans", orleans.ToString());

        // 1. The API, by who bears what.
        Assert.Equal(HttpStatusCode.Unauthorized, await AskAsync(silo, silo.Api, "/api/v1/campaigns"));
        Assert.Equal(HttpStatusCode.Unauthorized, await AskAsync(silo, silo.Api, "/api/v1/campaigns", "read-9123456789abcdef0123456789"));
        Assert.Equal(HttpStatusCode.OK, await AskAsync(silo, silo.Api, "/api/v1/campaigns", Reader));
        Assert.Equal(HttpStatusCode.Forbidden, await AskAsync(silo, silo.Api, "/api/v1/campaigns", Reader, "https://forge.example/a/b\n"));
        Assert.Equal(HttpStatusCode.Created, await AskAsync(silo, silo.Api, "/api/v1/campaigns", Writer, "https://forge.invalid/a/b\n"));
        Assert.Equal(HttpStatusCode.OK, await AskAsync(silo, silo.Api, "/dashboard/"));

        // 2. Metrics at their own address, for everybody who reaches it, and nowhere else.
        Assert.Equal(HttpStatusCode.OK, await AskAsync(silo, metrics, "/metrics"));
        Assert.Equal(HttpStatusCode.NotFound, await AskAsync(silo, silo.Api, "/metrics", Writer));
        Assert.Equal(HttpStatusCode.NotFound, await AskAsync(silo, metrics, "/api/v1/campaigns", Writer));
        Assert.Equal(HttpStatusCode.NotFound, await AskAsync(silo, metrics, "/dashboard/", Writer));

        // 3. Orleans' dashboard asks for no token: it is not to be had by naming its address elsewhere.
        Assert.Equal(HttpStatusCode.OK, await AskAsync(silo, orleans, "/index.html"));
        Assert.Equal(HttpStatusCode.OK, await AskAsync(silo, orleans, "/DashboardCounters"));
        foreach (IPEndPoint other in new[] { silo.Api, metrics })
        {
            Assert.Equal(HttpStatusCode.NotFound, await AskAsync(silo, other, "/DashboardCounters", Writer, named: orleans));
        }

        Assert.Equal(HttpStatusCode.NotFound, await AskAsync(silo, orleans, "/api/v1/campaigns", Writer, named: silo.Api));

        // 4. Health everywhere; no token is told.
        Assert.All(await Task.WhenAll(new[] { silo.Api, metrics, orleans }.Select(at => AskAsync(silo, at, "/health/ready"))), status => Assert.Equal(HttpStatusCode.OK, status));
        Assert.Equal(0, await silo.StopAsync());
        Assert.DoesNotContain("0123456789abcdef", silo.Said, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_silo_whose_port_is_another_process_s_ends_before_it_joins()
    {
        (string Heads, string Packs, string Cache) store = await SiloProcess.MigrateAsync(postgres, _folder);
        await using SiloProcess first = await SiloProcess.StartAsync(store, "--name", "first");
        foreach (string[] taken in new string[][] { ["--silo-port", $"{first.Port}", "--api", "none"], ["--silo-port", $"{SiloProcess.FreePort()}", "--api", $"{first.Api}"] })
        {
            await using StringWriter errors = new();
            Assert.Equal(1, await SiloCommand.RunAsync(["run", "--heads", store.Heads, "--packs", store.Packs, .. taken], TextWriter.Null, errors, _ => null, TimeProvider.System));
            Assert.EndsWith(" cannot be had: another process listens there." + Environment.NewLine, errors.ToString(), StringComparison.Ordinal);
        }

        // The one that was there is alive still: membership would have ended it.
        Assert.Equal(["Active"], (await SilosAsync(first)).Select(s => s.GetProperty("status").GetString()));
        Assert.Equal(0, await first.StopAsync());
    }

    private static async Task<JsonElement[]> SilosAsync(SiloProcess silo) => [.. (await silo.GetAsync("/api/v1/silos")).GetProperty("silos").EnumerateArray()];

    /// <param name="silo">Whose client asks.</param>
    /// <param name="at">Where.</param>
    /// <param name="path">What.</param>
    /// <param name="token">Borne, or none.</param>
    /// <param name="list">Submitted; null: a GET.</param>
    /// <param name="named">The Host that the request names, where it is another.</param>
    private static async Task<HttpStatusCode> AskAsync(SiloProcess silo, IPEndPoint at, string path, string? token = null, string? list = null, IPEndPoint? named = null)
    {
        using HttpRequestMessage request = new(list is null ? HttpMethod.Get : HttpMethod.Post, new Uri($"http://{at}{path}"));
        request.Headers.Authorization = token is null ? null : new AuthenticationHeaderValue("Bearer", token);
        request.Headers.Host = named?.ToString();
        request.Content = list is null ? null : new StringContent(list, Encoding.UTF8, "text/plain");
        using HttpResponseMessage answer = await silo.Client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        return answer.StatusCode;
    }

    /// <summary>Whether a silo greets who shows this certificate: it closes without a word where it lets nobody in.</summary>
    private static async Task<bool> IsHeardAsync(int port, X509Certificate2? certificate)
    {
        using TcpClient client = new();
        await client.ConnectAsync(IPAddress.Loopback, port);
        await using SslStream stream = new(client.GetStream(), leaveInnerStreamOpen: false, (_, _, _, _) => true);
        try
        {
            await stream.AuthenticateAsClientAsync(new SslClientAuthenticationOptions { TargetHost = "silo", ClientCertificates = certificate is null ? null : [certificate] });
            return await stream.ReadAsync(new byte[1]) > 0;
        }
        catch (Exception refused) when (refused is AuthenticationException or IOException)
        {
            return false;
        }
    }
}
