using System.Text.Json.Serialization;

namespace Actors.Grains.Campaigns;

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(CampaignOrderForm))]
internal sealed partial class CampaignOrderJson : JsonSerializerContext;
