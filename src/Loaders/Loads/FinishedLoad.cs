using Actors.Store.ExtIds;

namespace Actors.Loaders.Loads;

/// <summary>A load whose visit is not recorded yet, with what is to be written after.</summary>
internal sealed record FinishedLoad(LoadReport Report, IReadOnlyList<ExtIdLink> Links, IReadOnlyList<ContentName> Contents, AnswerMark? Answer);
