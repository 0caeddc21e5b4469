using System.Text.Json.Serialization;

namespace Actors.Sync.Campaigns;

/// <summary>How <see cref="CampaignFile"/> is written: names and values.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, UseStringEnumConverter = true, WriteIndented = true)]
[JsonSerializable(typeof(CampaignFile))]
internal sealed partial class CampaignFileJson : JsonSerializerContext;
