using System.Text.RegularExpressions;
using Perdure.Tests.Architecture.Reading;

namespace Perdure.Tests.Architecture;

/// <summary>
/// What the engine may not touch: clocks, randomness, threads and timers come to it through its ports, so that a simulation can run all of it on one thread, in
/// virtual time, from a seed.
/// </summary>
internal static partial class BannedMembers
{
    /// <summary>The reason why a use is banned, or null when it is fine.</summary>
    public static string? Reason(CodeUse use)
    {
        if (use.Member.Length == 0) return null;
        foreach (var (pattern, reason) in Rules)
            if (pattern.IsMatch(use.Member)) return reason;
        return null;
    }

    private static readonly (Regex Pattern, string Reason)[] Rules =
    [
        (Clock(), "the time comes from TimeProvider or from the store"),
        (Ids(), "ids and jitter come from IEntropy"),
        (Delay(), "a wait needs a TimeProvider"),
        (Threads(), "threads belong to IEngineScheduler"),
        (Timers(), "timers come from TimeProvider.CreateTimer"),
        (Context(), "the engine's continuations stay where its scheduler put them"),
    ];

    [GeneratedRegex(@"^System\.(DateTime(Offset)?::get_(Now|UtcNow|Today)|Environment::get_TickCount(64)?)\(|^System\.Diagnostics\.Stopwatch::")]
    private static partial Regex Clock();

    [GeneratedRegex(@"^System\.Guid::(NewGuid|CreateVersion7)\(|^System\.Random::(get_Shared|\.ctor)\(|^System\.Security\.Cryptography\.RandomNumberGenerator::")]
    private static partial Regex Ids();

    // Without a TimeProvider among the parameters; waits without any limit are no wait for time.
    [GeneratedRegex(@"^System\.Threading\.Tasks\.Task::Delay\((?!.*TimeProvider)|^System\.Threading\.Tasks\.Task(`1)?::WaitAsync\((?=.*TimeSpan)(?!.*TimeProvider)|^System\.Threading\.(Thread::Sleep|SpinWait::SpinUntil)\(")]
    private static partial Regex Delay();

    [GeneratedRegex(@"^System\.Threading\.Tasks\.(Task::Run\(|TaskFactory(`1)?::StartNew\(|Parallel::)|^System\.Threading\.Thread::(\.ctor|Start|UnsafeStart|Yield|SpinWait)\(|^System\.Threading\.ThreadPool::")]
    private static partial Regex Threads();

    [GeneratedRegex(@"^System\.(Threading\.|Timers\.)(Periodic)?Timer::\.ctor\((?!.*TimeProvider)|^System\.Threading\.CancellationTokenSource::(\.ctor\((?=System\.(TimeSpan|Int32))(?!.*TimeProvider)|CancelAfter\()")]
    private static partial Regex Timers();

    [GeneratedRegex(@"::ConfigureAwait\(")]
    private static partial Regex Context();
}
