using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Perdure.Storage;

/// <summary>Code of a workflow: what a run needs its worker to have.</summary>
/// <param name="Workflow">Name of the workflow.</param>
/// <param name="Version">Its version.</param>
/// <param name="Build">The build that the run is pinned to; null for a run that is not pinned.</param>
public readonly record struct WorkflowCode(string Workflow, int Version, string? Build = null)
{
    /// <summary>
    /// The number under which stores put runs aside that need this code: above 0, and the same in every process and version. If two codes shared one, a run could reach a
    /// worker that has no code for it, which would block it until somebody who has asks for it: as if nobody had had the code.
    /// </summary>
    internal long Number
    {
        get
        {
            Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
            SHA256.HashData(Encoding.UTF8.GetBytes(Text), hash);
            return (long)(BinaryPrimitives.ReadUInt64BigEndian(hash) >> 2) + 1;
        }
    }

    // No name holds a line break.
    private string Text => string.Create(CultureInfo.InvariantCulture, $"{Version} {Workflow}{(Build is null ? "" : "\n" + Build)}");

    /// <summary>The numbers of <paramref name="codes"/>, rising, each once; null for null.</summary>
    internal static long[]? Numbers(IReadOnlyList<WorkflowCode>? codes)
    {
        if (codes is null) return null;
        var numbers = new SortedSet<long>();
        foreach (var code in codes) numbers.Add(code.Number);
        return [.. numbers];
    }
}
