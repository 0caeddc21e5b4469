using Actors.Git.Remotes;

namespace Actors.Store.ExtIds;

/// <summary>What a registry called an answer of its own, so that it can be asked whether it would still answer the same (RFC 9110, "Conditional Requests").</summary>
/// <param name="Key">Which question: at most <see cref="Limits.AnswerKeyCharsMax"/> characters.</param>
/// <param name="Digest">Of the answer: what the visit that it belongs to has recorded.</param>
/// <param name="Validator">Its entity tag, or the time of its last change: at most <see cref="Limits.AnswerValidatorCharsMax"/> characters.</param>
public readonly record struct AnswerMark(string Key, AdvertisementDigest Digest, string Validator)
{
    internal void Check()
    {
        if (Key is not { Length: > 0 and <= Limits.AnswerKeyCharsMax } || Validator is not { Length: > 0 and <= Limits.AnswerValidatorCharsMax })
        {
            throw new ArgumentException("The mark of an answer has no key or no validator, or ones that are too long.");
        }
    }
}
