using System.Collections.Concurrent;
using System.Globalization;
using System.Runtime.CompilerServices;

namespace Perdure.Authoring;

/// <summary>Where workflow code called the engine; recorded with the operation and shown when a replay differs.</summary>
internal readonly record struct SourceLine(string File, int Line)
{
    /// <summary>More call sites than any program has; beyond them texts are made anew.</summary>
    private const int MostKnown = 4096;

    private static readonly ConcurrentDictionary<SourceLine, string> Known = new(new CallSites());

    /// <summary>The file's name without its directories, and the line: <c>OrderWorkflow.cs:12</c>.</summary>
    public override string ToString()
    {
        if (string.IsNullOrEmpty(File)) return "";
        if (Known.TryGetValue(this, out var known)) return known;
        // A path of the machine that compiled the code: either separator, whatever this machine uses.
        var name = File.AsSpan(File.AsSpan().LastIndexOfAny('/', '\\') + 1);
        var text = string.Create(CultureInfo.InvariantCulture, $"{name}:{Line}");
        if (Known.Count < MostKnown) Known.TryAdd(this, text);
        return text;
    }

    /// <summary>The compiler gives a call site the same string object every time, so its text need not be compared.</summary>
    private sealed class CallSites : IEqualityComparer<SourceLine>
    {
        public bool Equals(SourceLine x, SourceLine y) => ReferenceEquals(x.File, y.File) && x.Line == y.Line;

        public int GetHashCode(SourceLine line) => HashCode.Combine(RuntimeHelpers.GetHashCode(line.File), line.Line);
    }
}
