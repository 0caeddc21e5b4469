using System.Text;
using System.Text.Json;
using System.Text.Unicode;
using Actors.Git.Objects;
using Actors.Git.Refs;
using Actors.Store.Heads;

namespace Actors.Web.Api;

/// <summary>
/// The JSON form of <see cref="RepositoryHeads"/>. A ref's name is text; one that is not UTF-8 comes as <c>nameBase64</c>
/// (<c>aliasOfBase64</c>) beside a readable <c>name</c>.
/// </summary>
public static class HeadsJson
{
    private const int FlushEvery = 256;

    /// <summary>Writes the object, piece by piece: a repository may have half a million heads.</summary>
    public static async Task WriteAsync(Utf8JsonWriter json, RepositoryHeads heads, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(json);
        ArgumentNullException.ThrowIfNull(heads);
        json.WriteStartObject();
        json.WritePropertyName("repository"u8);
        RepositoryJson.Write(json, heads.State);
        json.WriteText("snapshot"u8, heads.Snapshot?.Id.ToString());
        json.WriteStartArray("branches"u8);
        int written = 0;
        foreach (SnapshotBranch branch in heads.Snapshot?.Branches ?? [])
        {
            Write(json, branch);
            if (++written % FlushEvery == 0)
            {
                await json.FlushAsync(cancellationToken).ConfigureAwait(false);
            }
        }

        json.WriteEndArray();
        if (heads.Imported is { } imported)
        {
            json.WriteStartArray("imported"u8);
            foreach (Oid oid in imported.Oids)
            {
                json.WriteStringValue(oid.ToString());
            }

            json.WriteEndArray();
        }

        json.WriteEndObject();
        await json.FlushAsync(cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Reads it.</summary>
    /// <exception cref="FormatException">Not that.</exception>
    public static RepositoryHeads Read(JsonElement json)
    {
        RepositoryState state = json.TryGetProperty("repository", out JsonElement repository)
            ? RepositoryJson.Read(repository)
            : throw new FormatException("Heads have no repository.");
        return new RepositoryHeads(
            state,
            json.Text("snapshot") is { } id ? new Snapshot(SnapshotId.Parse(id), [.. json.Items("branches").Select(ReadBranch)]) : null,
            json.TryGetProperty("imported", out _) ? new ImportedHeads(state.Url, [.. json.Items("imported").Select(oid => Oid.Parse(oid.GetString()))]) : null);
    }

    private static void Write(Utf8JsonWriter json, SnapshotBranch branch)
    {
        json.WriteStartObject();
        WriteName(json, "name", branch.Name);
        json.WriteString("target"u8, NameOf(branch.Target));
        json.WriteText("oid"u8, branch.Oid.IsZero ? null : branch.Oid.ToString());
        if (branch.AliasOf is { } alias)
        {
            WriteName(json, "aliasOf", alias);
        }

        if (branch.Peeled is { } peeled)
        {
            json.WriteString("peeled"u8, peeled.ToString());
        }

        json.WriteEndObject();
    }

    private static void WriteName(Utf8JsonWriter json, string member, RefName name)
    {
        json.WriteString(member, name.ToString());
        if (!Utf8.IsValid(name.Bytes))
        {
            json.WriteBase64String(member + "Base64", name.Bytes);
        }
    }

    private static SnapshotBranch ReadBranch(JsonElement json) => new(
        ReadName(json, "name") ?? throw new FormatException("A branch has no name."),
        ParseTarget(json.Text("target") ?? ""),
        json.Text("oid") is { } oid ? Oid.Parse(oid) : Oid.Zero,
        ReadName(json, "aliasOf"),
        json.Text("peeled") is { } peeled ? Oid.Parse(peeled) : null);

    private static RefName? ReadName(JsonElement json, string member) =>
        json.Text(member + "Base64") is { } raw ? RefName.FromBranch(Convert.FromBase64String(raw))
        : json.Text(member) is { } text ? RefName.FromBranch(Encoding.UTF8.GetBytes(text))
        : null;

    private static string NameOf(SnapshotTarget target) => target switch
    {
        SnapshotTarget.Content => "content",
        SnapshotTarget.Directory => "directory",
        SnapshotTarget.Revision => "revision",
        SnapshotTarget.Release => "release",
        SnapshotTarget.Alias => "alias",
        SnapshotTarget.Dangling => "dangling",
        SnapshotTarget.Snapshot => "snapshot",
        _ => throw new ArgumentOutOfRangeException(nameof(target), target, "Not a target."),
    };

    private static SnapshotTarget ParseTarget(string name) => name switch
    {
        "content" => SnapshotTarget.Content,
        "directory" => SnapshotTarget.Directory,
        "revision" => SnapshotTarget.Revision,
        "release" => SnapshotTarget.Release,
        "alias" => SnapshotTarget.Alias,
        "dangling" => SnapshotTarget.Dangling,
        "snapshot" => SnapshotTarget.Snapshot,
        _ => throw new FormatException($"'{name}' is no target of a branch."),
    };
}
