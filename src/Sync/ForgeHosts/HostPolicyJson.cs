using System.Text.Json.Serialization;

namespace Actors.Sync.ForgeHosts;

/// <summary>How a policy's state is written: names and values, defaults left out, so that fields may be added.</summary>
[JsonSourceGenerationOptions(
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingDefault,
    NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(HostPolicyState))]
[JsonSerializable(typeof(HostBudgetState))]
internal sealed partial class HostPolicyJson : JsonSerializerContext;
