using System.Globalization;

namespace Perdure.Torture.Adapter;

/// <summary>16 random hex digits.</summary>
internal static class Nonce
{
    public static string New() => Random.Shared.NextInt64().ToString("x16", CultureInfo.InvariantCulture);
}
