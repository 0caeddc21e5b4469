using System.Globalization;
using System.Text.Json;
using Actors.Git.Remotes;
using Actors.Store.Heads;
using Actors.Sync.Outcomes;

namespace Actors.Sync.Repositories;

public static partial class SyncReportJson
{
    /// <summary>Parses one object, with white space around it at most. Fields that are not known are passed over.</summary>
    /// <exception cref="FormatException">Not that: not JSON, a field of another type or out of its range, one twice, or no <c>url</c> or <c>outcome</c>.</exception>
    public static SyncReport Parse(ReadOnlySpan<byte> utf8)
    {
        Utf8JsonReader json = new(utf8);
        try
        {
            json.Read();
            SyncReport report = Read(ref json);
            return !json.Read() ? report : throw new FormatException("A sync's report is followed by something else.");
        }
        catch (JsonException e)
        {
            throw new FormatException("A sync's report is not JSON: " + e.Message, e);
        }
    }

    /// <summary>Reads the object at whose brace the reader stands, to its closing brace.</summary>
    /// <exception cref="FormatException">As <see cref="Parse"/> says.</exception>
    /// <exception cref="JsonException">Not JSON.</exception>
    public static SyncReport Read(ref Utf8JsonReader json)
    {
        if (json.TokenType != JsonTokenType.StartObject)
        {
            throw new FormatException("A sync's report is not a JSON object.");
        }

        ReadFields fields = new();
        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            fields.Read(ref json);
        }

        return fields.ToReport();
    }

    /// <summary>What has been read of one object.</summary>
    private struct ReadFields
    {
        private Field _seen;
        private RepositoryUrl? _url;
        private Outcome _outcome;
        private SnapshotId? _snapshot;
        private int _refs;
        private int _wants;
        private int _haves;
        private long _objects;
        private long _bytesReceived;
        private int _requests;
        private long _elapsedMs;
        private Rung[]? _rungs;
        private RepositoryUrl? _movedTo;
        private DateTimeOffset? _retryAt;
        private Fault _fault;
        private string? _error;

        [Flags]
        private enum Field
        {
            None = 0,
            Url = 1,
            Outcome = 1 << 1,
            Snapshot = 1 << 2,
            Refs = 1 << 3,
            Wants = 1 << 4,
            Haves = 1 << 5,
            Objects = 1 << 6,
            BytesReceived = 1 << 7,
            Requests = 1 << 8,
            ElapsedMs = 1 << 9,
            Rungs = 1 << 10,
            MovedTo = 1 << 11,
            RetryAt = 1 << 12,
            Fault = 1 << 13,
            Error = 1 << 14,
        }

        public void Read(ref Utf8JsonReader json)
        {
            Field field = Name(ref json);
            json.Read();
            if (field == Field.None)
            {
                json.Skip();
                return;
            }

            if ((_seen & field) != 0)
            {
                throw new FormatException($"'{field}' is there twice.");
            }

            _seen |= field;
            if (json.TokenType == JsonTokenType.Null && field is Field.Snapshot or Field.MovedTo or Field.RetryAt or Field.Fault or Field.Error)
            {
                return;
            }

            switch (field)
            {
                case Field.Url: _url = Url(ref json, field); break;
                case Field.Outcome: _outcome = Named(ref json, Outcomes, field); break;
                case Field.Snapshot: _snapshot = SnapshotId.Parse(Text(ref json, field)); break;
                case Field.Refs: _refs = (int)Number(ref json, field, int.MaxValue); break;
                case Field.Wants: _wants = (int)Number(ref json, field, int.MaxValue); break;
                case Field.Haves: _haves = (int)Number(ref json, field, int.MaxValue); break;
                case Field.Objects: _objects = Number(ref json, field, long.MaxValue); break;
                case Field.BytesReceived: _bytesReceived = Number(ref json, field, long.MaxValue); break;
                case Field.Requests: _requests = (int)Number(ref json, field, int.MaxValue); break;
                case Field.ElapsedMs: _elapsedMs = Number(ref json, field, long.MaxValue); break;
                case Field.Rungs: _rungs = Ladder(ref json); break;
                case Field.MovedTo: _movedTo = Url(ref json, field); break;
                case Field.RetryAt: _retryAt = Time(ref json, field); break;
                case Field.Fault: _fault = Named(ref json, Faults, field); break;
                default: _error = Text(ref json, field); break;
            }
        }

        public readonly SyncReport ToReport() => new()
        {
            Url = _url ?? throw new FormatException("A sync's report has no url."),
            Outcome = _outcome != default ? _outcome : throw new FormatException("A sync's report has no outcome."),
            Snapshot = _snapshot,
            Refs = _refs,
            Wants = _wants,
            Haves = _haves,
            Objects = _objects,
            BytesReceived = _bytesReceived,
            Requests = _requests,
            ElapsedMs = _elapsedMs,
            Rungs = _rungs ?? [],
            MovedTo = _movedTo,
            RetryAt = _retryAt,
            Fault = _fault,
            Error = _error,
        };

        private static Field Name(ref Utf8JsonReader json) =>
            json.ValueTextEquals("url"u8) ? Field.Url
            : json.ValueTextEquals("outcome"u8) ? Field.Outcome
            : json.ValueTextEquals("snapshot"u8) ? Field.Snapshot
            : json.ValueTextEquals("refs"u8) ? Field.Refs
            : json.ValueTextEquals("wants"u8) ? Field.Wants
            : json.ValueTextEquals("haves"u8) ? Field.Haves
            : json.ValueTextEquals("objects"u8) ? Field.Objects
            : json.ValueTextEquals("bytesReceived"u8) ? Field.BytesReceived
            : json.ValueTextEquals("requests"u8) ? Field.Requests
            : json.ValueTextEquals("elapsedMs"u8) ? Field.ElapsedMs
            : json.ValueTextEquals("rungs"u8) ? Field.Rungs
            : json.ValueTextEquals("movedTo"u8) ? Field.MovedTo
            : json.ValueTextEquals("retryAt"u8) ? Field.RetryAt
            : json.ValueTextEquals("fault"u8) ? Field.Fault
            : json.ValueTextEquals("error"u8) ? Field.Error
            : Field.None;

        private static string Text(ref Utf8JsonReader json, Field field)
        {
            if (json.TokenType != JsonTokenType.String)
            {
                throw new FormatException($"'{field}' of a sync's report is not a string.");
            }

            try
            {
                return json.GetString()!;
            }
            catch (InvalidOperationException e)
            {
                // An escaped half of a surrogate pair, or bytes that are not UTF-8.
                throw new FormatException($"'{field}' of a sync's report is not Unicode.", e);
            }
        }

        private static RepositoryUrl Url(ref Utf8JsonReader json, Field field)
        {
            string text = Text(ref json, field);
            return RepositoryUrl.TryParse(text, out RepositoryUrl url, out string? reason) && url.ToString() == text
                ? url
                : throw new FormatException($"'{field}' of a sync's report is not a canonical URL: {reason ?? "it is written otherwise"}.");
        }

        private static long Number(ref Utf8JsonReader json, Field field, long max) =>
            json.TokenType == JsonTokenType.Number && json.TryGetInt64(out long number) && number >= 0 && number <= max
                ? number
                : throw new FormatException($"'{field}' of a sync's report is not a number from 0 to {max}.");

        private static DateTimeOffset Time(ref Utf8JsonReader json, Field field) =>
            DateTimeOffset.TryParseExact(Text(ref json, field), TimeFormat, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out DateTimeOffset time)
                ? time
                : throw new FormatException($"'{field}' of a sync's report is not a time in UTC.");

        private static T Named<T>(ref Utf8JsonReader json, (T Value, JsonEncodedText Name)[] names, Field field)
        {
            if (json.TokenType == JsonTokenType.String)
            {
                foreach ((T value, JsonEncodedText name) in names)
                {
                    if (json.ValueTextEquals(name.EncodedUtf8Bytes))
                    {
                        return value;
                    }
                }
            }

            throw new FormatException($"'{field}' of a sync's report has a value that is not known.");
        }

        private static Rung[] Ladder(ref Utf8JsonReader json)
        {
            if (json.TokenType != JsonTokenType.StartArray)
            {
                throw new FormatException("'Rungs' of a sync's report is not an array.");
            }

            List<Rung> rungs = [];
            while (json.Read() && json.TokenType != JsonTokenType.EndArray)
            {
                rungs.Add(Named(ref json, Rungs, Field.Rungs));
            }

            return [.. rungs];
        }
    }
}
