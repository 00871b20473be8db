using System.Diagnostics;
using Perdure.Torture.Adapter.Journal;
using Perdure.Torture.Adapter.Programs;

namespace Perdure.Torture.Adapter.Bodies;

/// <summary>Bodies that write down what they do, and fail as the program says. Thread safe.</summary>
internal sealed class JournalledBodies(EffectsJournal journal) : IStepBodies
{
    private const int ExitCode = 3;

    public async Task<StepValue> RunAsync(StepCall call, StepInfo attempt, CancellationToken ct)
    {
        var x = Nonce.New();
        journal.Begin(call, attempt, x);
        if (call.Cron is { } cron) journal.Cron(cron, call.Run, attempt.IdempotencyKey);
        var start = Stopwatch.GetTimestamp();
        // No token is looked at: the harness wants bodies that stop for nobody.
        var time = TimeSpan.FromMilliseconds(call.Step.Ms ?? 0);
        var before = time * Random.Shared.NextDouble();
        await PauseAsync(before);
        journal.Effect(call.Run, call.S, x, attempt.IdempotencyKey);
        await PauseAsync(time - before);

        switch (FailurePlan.Of(call.Step.Fail, attempt.Attempt))
        {
            case FailurePlan.Throw:
                journal.End(call, x, "throw");
                throw new InvalidOperationException($"The program wants attempt {attempt.Attempt} of {call.S} to fail.");
            case FailurePlan.Fatal:
                journal.End(call, x, "throw");
                throw new NonRetryableException($"The program wants attempt {attempt.Attempt} of {call.S} to fail for good.", TortureWorkflowCodes.Fatal);
            case FailurePlan.Exit:
                journal.Die(call.Run, call.S, x, FailurePlan.Exit);
                Libc.Leave(ExitCode);
                break;
            case FailurePlan.Kill:
                journal.Die(call.Run, call.S, x, FailurePlan.Kill);
                Libc.KillSelf();
                break;
            case FailurePlan.EndKill:
                journal.End(call, x, "ok");
                journal.Die(call.Run, call.S, x, FailurePlan.EndKill);
                Libc.KillSelf();
                break;
            case FailurePlan.Hang:
                await PauseAsync(TimeSpan.FromMilliseconds(3.0 * (call.Step.Timeout ?? 0)));
                journal.End(call, x, "timeout");
                return new StepValue(x);
        }
        var isLate = call.Step.Timeout is { } limit && Stopwatch.GetElapsedTime(start) > TimeSpan.FromMilliseconds(limit);
        journal.End(call, x, isLate ? "timeout" : "ok");
        return new StepValue(x, call.Step.Size is { } size and > 0 ? new string('a', size) : null);
    }

    public string Recorded(string s, string value) => value;

    public void Obtained(string run, string s, string value, string activation) => journal.Value(run, s, value, activation);

    private static Task PauseAsync(TimeSpan time) => time > TimeSpan.Zero ? Task.Delay(time) : Task.CompletedTask;
}
