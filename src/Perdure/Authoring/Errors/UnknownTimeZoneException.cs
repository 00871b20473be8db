using Perdure.Authoring;

namespace Perdure;

/// <summary>This machine does not know a time zone that another one knew when it was asked for. What needs it is blocked here, and goes on where the zone is known.</summary>
internal sealed class UnknownTimeZoneException(string zone) : PerdureException(ErrorCodes.InvalidOption, Describe(zone))
{
    public static string Describe(string? zone) =>
        $"There is no time zone '{SafeText.Shorten(zone ?? "", 80)}' on this machine. Use an IANA name such as Europe/Berlin; if none is found, install the package tzdata.";
}
