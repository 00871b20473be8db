using Perdure.Torture.Records;

namespace Perdure.Torture.Checking;

/// <summary>A worker that is asked to stop begins nothing more and leaves in time; none leaves by itself.</summary>
internal static class StopRules
{
    private static readonly TimeSpan Excused = TimeSpan.FromMilliseconds(100);

    /// <summary>What a body leaves its process with: by itself, killed, or killed by the driver.</summary>
    private static readonly int[] Deaths = [3, 137];

    public static void Check(Evidence evidence, Violations violations)
    {
        var begins = evidence.Journal.Where(line => line.IsBegin).ToLookup(line => line.Boot);
        foreach (var fault in evidence.Faults)
        {
            switch (fault.Kind)
            {
                case FaultKind.Terminate:
                    foreach (var begin in begins[fault.Boot!].Where(begin => begin.At > fault.At + Excused))
                        violations.Add("I-40 stop", $"{begin.Run} {begin.S}", $"began {(begin.At - fault.At).TotalMilliseconds:0} ms after {fault.Worker} was asked to stop");
                    if (fault.IsLate) violations.Add("I-40 stop", fault.Worker!, "did not leave within 8 s");
                    else if (fault.ExitCode is not (0 or 3 or 137 or 143)) violations.Add("I-40 stop", fault.Worker!, $"left with the code {fault.ExitCode}");
                    break;
                case FaultKind.Died when !Deaths.Contains(fault.ExitCode ?? 0):
                    violations.Add("I-36 worker left", fault.Worker!, $"nobody had asked it to; the code is {fault.ExitCode}");
                    break;
            }
        }
    }
}
