using System.Xml.Linq;

namespace Actors.House.Tests.Floors;

/// <summary><c>src/FloorPlan.props</c>, read as data.</summary>
internal static class FloorPlan
{
    /// <summary>Each project's name and the projects that it may use.</summary>
    public static IReadOnlyDictionary<string, string[]> Floors { get; } = XDocument.Parse(Checkout.Read("src/FloorPlan.props"))
        .Descendants("Floor")
        .ToDictionary(row => row.Attribute("Include")!.Value, row => row.Attribute("MayUse")?.Value.Split(';', StringSplitOptions.RemoveEmptyEntries) ?? []);
}
