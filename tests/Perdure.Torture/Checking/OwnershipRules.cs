using Perdure.Torture.Records;

namespace Perdure.Torture.Checking;

/// <summary>A worker that lost its runs while it was frozen does not go on with them.</summary>
internal static class OwnershipRules
{
    public static void Check(Evidence evidence, Violations violations)
    {
        foreach (var run in evidence.ByRun)
        {
            var begins = run.Where(line => line.IsBegin && !evidence.IsQueued(line)).ToList();
            // Which entry of the code a body belongs to, and when that was first heard of.
            var firsts = begins.GroupBy(line => line.Activation).ToDictionary(group => group.Key, group => group.First());
            foreach (var begin in begins)
            {
                foreach (var freeze in evidence.FreezesOf(begin.Boot))
                {
                    if (firsts[begin.Activation].At > freeze.At || begin.At < freeze.End || evidence.IsWakingUp(begin)) continue;
                    if (begins.Find(line => line.Boot != begin.Boot && line.At > freeze.At && line.Number < begin.Number) is { } other)
                    {
                        violations.Add("I-11 zombie", $"{run.Key} {begin.S}",
                            $"attempt {begin.Attempt} began {(begin.At - freeze.End!.Value).TotalMilliseconds:0} ms after its worker went on, though {other.Boot} had taken the run over");
                    }
                }
            }
        }
    }
}
