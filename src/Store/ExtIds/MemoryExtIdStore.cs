using Actors.Git.Objects;

namespace Actors.Store.ExtIds;

/// <summary>External ids that live as long as their object: for tests and runs that keep nothing.</summary>
public sealed class MemoryExtIdStore : IExtIdStore
{
    private readonly Lock _lock = new();
    private readonly Dictionary<ExtId, HashSet<ExtIdLink>> _links = [];
    private readonly Dictionary<Oid, HashSet<ExtIdLink>> _targets = [];
    private readonly Dictionary<string, SortedDictionary<Oid, ContentName>> _contents = new(StringComparer.Ordinal);
    private readonly Dictionary<string, AnswerMark> _answers = new(StringComparer.Ordinal);

    public ValueTask<IReadOnlyList<IReadOnlyList<ExtIdLink>>> FindAsync(IReadOnlyList<ExtId> ids, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(ids);
        lock (_lock)
        {
            return new([.. ids.Select(id => _links.TryGetValue(id, out HashSet<ExtIdLink>? links) ? links.OrderBy(link => link.Target).ToArray() : [])]);
        }
    }

    public ValueTask<IReadOnlyList<ExtIdLink>> FindByTargetAsync(Oid target, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            IEnumerable<ExtIdLink> links = _targets.TryGetValue(target, out HashSet<ExtIdLink>? found) ? found : [];
            return new([.. links.OrderBy(link => link.Id.Type, StringComparer.Ordinal).ThenBy(link => link.Id.Version).ThenBy(link => link.Id.Value, StringComparer.Ordinal)]);
        }
    }

    public ValueTask<ContentName?> FindContentAsync(string digest, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            return new(_contents.TryGetValue(digest, out SortedDictionary<Oid, ContentName>? found) ? found.Values.First() : null);
        }
    }

    public ValueTask RecordAsync(IReadOnlyList<ExtIdLink> links, IReadOnlyList<ContentName> contents, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(links);
        ArgumentNullException.ThrowIfNull(contents);
        cancellationToken.ThrowIfCancellationRequested();
        foreach (ExtIdLink link in links)
        {
            link.Check();
        }

        lock (_lock)
        {
            foreach (ExtIdLink link in links)
            {
                Add(link);
            }

            foreach (ContentName content in contents)
            {
                Slot(content.Sha1)[content.Oid] = content;
                Slot(content.Sha256)[content.Oid] = content;
            }
        }

        return ValueTask.CompletedTask;
    }

    public ValueTask<AnswerMark?> FindAnswerAsync(string key, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            return new(_answers.TryGetValue(key, out AnswerMark found) ? found : null);
        }
    }

    public ValueTask RecordAnswerAsync(AnswerMark answer, CancellationToken cancellationToken)
    {
        answer.Check();
        lock (_lock)
        {
            _answers[answer.Key] = answer;
        }

        return ValueTask.CompletedTask;
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private void Add(ExtIdLink link)
    {
        if (!_links.TryGetValue(link.Id, out HashSet<ExtIdLink>? ofId))
        {
            _links.Add(link.Id, ofId = []);
        }

        if (link.IsNegative)
        {
            if (ofId.Count == 0)
            {
                ofId.Add(link);
            }

            return;
        }

        _ = ofId.RemoveWhere(one => one.IsNegative);
        _ = ofId.Add(link);
        if (!_targets.TryGetValue(link.Target, out HashSet<ExtIdLink>? ofTarget))
        {
            _targets.Add(link.Target, ofTarget = []);
        }

        _ = ofTarget.Add(link);
    }

    private SortedDictionary<Oid, ContentName> Slot(string digest)
    {
        if (!_contents.TryGetValue(digest, out SortedDictionary<Oid, ContentName>? slot))
        {
            _contents.Add(digest, slot = []);
        }

        return slot;
    }
}
