using Actors.Git.Objects;

namespace Actors.Sync.Workspaces;

public sealed partial class WorkspaceRoot
{
    private const string AdoptedHeader = "actors adopted 1";

    /// <summary>Remembers a clone that borrows from the store now, so that it is listed. The same path again replaces what was known.</summary>
    public void Remember(AdoptedClone clone)
    {
        string folder = Directory.CreateDirectory(Path.Combine(_layout.Root, "adopted")).FullName;
        string name = Path.Combine(folder, WorkspaceLayout.NameOf(clone.Path));
        string temporary = $"{name}.{NextOwn()}";
        File.WriteAllText(temporary, $"{AdoptedHeader}\n{clone.Path}\n{clone.Url}\n{clone.Head}\n");
        File.Move(temporary, name, overwrite: true);
    }

    /// <summary>Adopted clones that are still there and borrow from the store.</summary>
    public IEnumerable<AdoptedClone> ListAdopted()
    {
        string folder = Path.Combine(_layout.Root, "adopted");
        if (!Directory.Exists(folder))
        {
            yield break;
        }

        foreach (string file in Directory.EnumerateFiles(folder).Where(file => !Path.HasExtension(file)).Order(StringComparer.Ordinal))
        {
            if (File.ReadAllLines(file) is [AdoptedHeader, var path, var url, var head] && Directory.Exists(path) && Oid.TryParse(head, out Oid oid))
            {
                yield return new AdoptedClone(path, url, oid, 0, null);
            }
        }
    }
}
