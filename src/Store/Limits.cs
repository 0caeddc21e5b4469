namespace Actors.Store;

/// <summary>What the store takes at most. Each figure has its reason.</summary>
public static class Limits
{
    /// <summary>git follows so many symrefs and no more (refs.h, <c>SYMREF_MAXDEPTH</c>); also keeps hostile chains of aliases from costing their square.</summary>
    internal const int AliasDepthMax = 5;

    /// <summary>Enough for a person to see what went wrong; a remote's whole page is no use in a log of billions of visits.</summary>
    public const int VisitErrorCharsMax = 1000;

    /// <summary>Characters of a question to a registry that is remembered: an era and an address; longer addresses nobody has.</summary>
    public const int AnswerKeyCharsMax = 4000;

    /// <summary>Characters of what a registry calls its answer: entity tags have some 40.</summary>
    public const int AnswerValidatorCharsMax = 500;

    /// <summary>How long a commit waits for others' commits before it is tried anew: longer than a slow commit takes, shorter than a person's patience. As in <c>0009-commit-pack.sql</c>.</summary>
    internal const int CatalogueLockMilliseconds = 30_000;

    /// <summary>Oids of one look-up in a shared index: a request of 200 KB, answered in one round trip.</summary>
    internal const int LookUpBatch = 10_000;

    /// <summary>How often a commit is begun anew after its connection was lost or its lock did not come in time; each begins with up to a minute of waiting for the database.</summary>
    internal const int CatalogueCommitsMax = 5;

    /// <summary>Objects of one step of a comparison with stored packs: 3 MB of places, and nearly every delta has its base in the same step.</summary>
    internal const int ComparisonBatch = 100_000;

    /// <summary>Records of one run of the object index: its fan-out counts in 32 bits. Larger runs are not made.</summary>
    internal const long IndexRunOidsMax = uint.MaxValue;

    /// <summary>Bytes of the object index's manifest: about 10 million packs, which compaction never lets come together.</summary>
    internal const long IndexManifestBytesMax = 256 << 20;

    /// <summary>How often a reader begins anew when the writer replaces runs while it opens them. Each time means a whole merge went by.</summary>
    internal const int IndexOpenAttemptsMax = 20;

    /// <summary>A process of the shared index that was not heard of for so long is not listed any more: it counts as dead after seconds.</summary>
    internal static readonly TimeSpan IndexProcessAge = TimeSpan.FromHours(1);

    /// <summary>Reading connections of a head database: look-ups are microseconds each, and every one costs up to 8 MiB of page cache.</summary>
    internal const int HeadReadersMax = 4;

    /// <summary>Batches in one transaction of the head database: enough to share a wait for the disk, few enough that doing them anew after a failure is nothing.</summary>
    internal const int HeadWritesTogetherMax = 16;

    /// <summary>URLs whose rows are remembered between look-up and visit: several times what is on its way at once; 4 MB with URLs of 60 characters.</summary>
    internal const int UrlCacheEntries = 32_768;

    /// <summary>Deltas between a stored snapshot and a whole one: bounds what reading one costs; the 17th is whole again.</summary>
    internal const int SnapshotDeltaDepthMax = 16;

    /// <summary>Smaller snapshots (about a dozen refs) are stored whole and as they are: a delta or zlib would save less than it costs to look.</summary>
    internal const int SnapshotDeltaBytesMin = 512;

    /// <summary>Bytes of an encoded snapshot: some four million refs, five times the largest repositories known; also guards reading back.</summary>
    internal const int SnapshotBytesMax = 256 << 20;

    /// <summary>Missing objects named in results and notes: enough for a person to see what kind of hole it is.</summary>
    internal const int MissingListed = 100;

    /// <summary>How often a read begins anew because its pack was merged into another one meanwhile. Each time means a whole compaction went by.</summary>
    internal const int ReadAttemptsMax = 20;

    /// <summary>Deltas from an object to its whole base in packs that we merge; what would be deeper is written whole. git's own default is 50, its aggressive one 250.</summary>
    internal const int MergedDepthMax = 200;

    /// <summary>Bytes of an object that is worth a delta when packs are merged: below, its own bytes are as short.</summary>
    internal const int MergedDeltaBytesMin = 64;

    /// <summary>Bytes of an object that is compared with another when packs are merged: larger ones are data, which resemble nothing.</summary>
    internal const int MergedDeltaBytesMax = 16 << 20;

    /// <summary>Deltas on deltas that are made when packs are merged: git's own default.</summary>
    internal const int MergedDeltaDepthMax = 50;

    /// <summary>Bytes of a heads file's line: the largest repositories have some 800,000 refs, 33 MB; twice that.</summary>
    internal const int HeadsFileLineBytesMax = 64 << 20;

    /// <summary>Oids of one repository that heads files with one ref a line may bring together: as many as a longest line of the other form.</summary>
    internal const int HeadsFileOidsMax = HeadsFileLineBytesMax / 41;

    /// <summary>Characters of a blob's key: S3 takes 1,024 bytes, of which the prefix of a store or mirror has the rest.</summary>
    internal const int BlobKeyCharactersMax = 768;

    /// <summary>Characters of what a store's keys begin with: together with the longest key, a slash between, S3's 1,024 bytes.</summary>
    internal const int BlobPrefixCharactersMax = 255;

    /// <summary>Parts of one upload (Amazon S3, "Multipart upload limits").</summary>
    internal const int UploadPartsMax = 10_000;

    /// <summary>Keys of one DeleteObjects request (Amazon S3 API reference).</summary>
    internal const int DeletedTogetherMax = 1000;

    /// <summary>A longer wait before a retry helps nobody: an overloaded service is asked rarely enough.</summary>
    internal static readonly TimeSpan BlobRetryDelayMax = TimeSpan.FromSeconds(20);

    /// <summary>How often work on PostgreSQL is done again: with the waits below about 70 seconds, what a standby needs to take over, twice.</summary>
    internal const int PostgresRetriesMax = 20;

    /// <summary>Milliseconds before the first repeat: a deadlock's other side is done by then.</summary>
    internal const int PostgresRetryMillisecondsMin = 50;

    /// <summary>Milliseconds between repeats at most: a server that is back is noticed soon, one that is not is not hammered.</summary>
    internal const int PostgresRetryMillisecondsMax = 5_000;

    /// <summary>A client that went away in the middle of a transaction holds its locks so long at most; ours never pause for a second.</summary>
    internal const int PostgresIdleTransactionMilliseconds = 30_000;

    /// <summary>Statements that a connection keeps prepared: all of ours; each costs the server some kilobytes a partition.</summary>
    internal const int PostgresStatementsPreparedMax = 50;

    /// <summary>Characters of an external id's type: the longest in use have 22.</summary>
    internal const int ExtIdTypeCharsMax = 100;

    /// <summary>Bytes of an external id's value: digests have 64 at most; names of other systems a few hundred.</summary>
    internal const int ExtIdValueBytesMax = 1024;

    /// <summary>Rows of external ids in one statement: some 300 kB, and a transaction of many statements where a load has more.</summary>
    internal const int PostgresExtIdsTogetherMax = 4_096;

    /// <summary>Oids in one question between processes of a shared store: 1.3 MB, some milliseconds of work, so that others wait no longer. Larger batches are several questions.</summary>
    internal const int PeerOidsMax = 65_536;

    /// <summary>Questions of one connection on their way: what a process keeps for a peer that asks faster than it reads is 64 times 2 MB at most.</summary>
    internal const int PeerQuestionsMax = 64;

    /// <summary>Connections that one process answers on: several from each process of a large cluster.</summary>
    internal const int PeerConnectionsMax = 1024;

    /// <summary>Seconds that two processes have to show each other who they are: three small messages.</summary>
    internal const int PeerHandshakeSeconds = 10;

    /// <summary>How often a group of visits is done again because another process added the same repositories meanwhile: each time at least one of them is settled.</summary>
    internal const int PostgresRacesMax = 20;

    /// <summary>Look-ups on their way at once from one process: one on the wire while another is read; more would only split groups.</summary>
    internal const int PostgresFindLanes = 2;

    /// <summary>URLs of one look-up: beyond some hundreds the fixed cost of a round trip is nothing, and each costs the server memory.</summary>
    internal const int PostgresUrlsTogetherMax = 2_000;

    /// <summary>Visits of one transaction: its fixed cost is spread, and its locks are held for some tens of milliseconds.</summary>
    internal const int PostgresVisitsTogetherMax = 2_000;

    /// <summary>Rows that hold the count of one outcome: as many processes as write at once, about, so that they do not wait for each other.</summary>
    internal const int PostgresCountShards = 64;

    /// <summary>Visits of a partition of the log, as in its script: some 7 GB, so that 10 billion visits make 150 partitions, and dropping one is a small step.</summary>
    internal const long PostgresPartitionVisits = 1 << 26;

    /// <summary>Bytes of one packed text of campaigns (lines of a chunk, of a report's part) before it was packed: some times more than a chunk of the longest URLs, or a checkpoint's report, has.</summary>
    internal const int PackedTextBytesMax = 64 << 20;

    /// <summary>Bytes of a chunk's lines before packing: a thousand URLs of usual length are 60 KB; fewer very long ones make a chunk.</summary>
    internal const int ChunkTextBytesMax = 1 << 20;

    /// <summary>Bytes of one step of a submission: a request that PostgreSQL takes in some tens of milliseconds.</summary>
    internal const int SubmissionPartBytes = 1 << 20;

    /// <summary>Chunks of one step of a submission: small ones share a commit.</summary>
    internal const int SubmissionPartChunks = 256;

    /// <summary>A submission tells so often how much has come, and that it is alive.</summary>
    internal static readonly TimeSpan SubmissionPartPeriod = TimeSpan.FromSeconds(5);

    /// <summary>A submission that told nothing for so long was abandoned: a list that pauses longer is none.</summary>
    internal static readonly TimeSpan SubmissionSilenceMax = TimeSpan.FromHours(6);

    /// <summary>Chunks of an ended campaign stay so long: what was running at its end has long told so.</summary>
    internal static readonly TimeSpan EndedChunksKept = TimeSpan.FromDays(1);

    /// <summary>Rows removed in one statement: its locks are held for some tens of milliseconds.</summary>
    internal const int RowsRemovedTogether = 5_000;

    /// <summary>Chunks in one request for chunks: their lines are in memory together.</summary>
    internal const int ChunksClaimedMax = 1_000;

    /// <summary>Of a host's open chunks so many are looked at for who works it: those that are claimed are among the first, and a large host has a hundred thousand.</summary>
    internal const int ChunksLookedAtMax = 64;

    /// <summary>Checkpoints in one transaction.</summary>
    internal const int CheckpointsTogetherMax = 256;

    /// <summary>Parts of a report numbered or read at once: some megabytes.</summary>
    internal const int ReportPartsPerPage = 64;

    /// <summary>Parts of a report that are numbered in one step: a lock of some tens of milliseconds that no worker waits for.</summary>
    internal const int ReportPartsNumberedMax = 2_000;
}
