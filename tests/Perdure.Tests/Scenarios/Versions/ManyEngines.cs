using System.Diagnostics;
using Perdure.Tests.Engine;

namespace Perdure.Tests.Scenarios.Versions;

/// <summary>Several engines on one store.</summary>
internal static class ManyEngines
{
    /// <summary>Lets a little time pass, and hints get lost by nobody, until something has come true.</summary>
    public static async Task UntilAsync(Func<Task<bool>> condition, params TestEngine[] engines)
    {
        var start = Stopwatch.GetTimestamp();
        while (!await condition())
        {
            if (Stopwatch.GetElapsedTime(start) > TimeSpan.FromMinutes(1)) throw new TimeoutException("It did not come about.");
            engines[0].Clock.Advance(TimeSpan.FromMilliseconds(5));
            foreach (var engine in engines) engine.Store.Wakeups.Wake();
            await Task.Delay(2);
        }
    }
}
