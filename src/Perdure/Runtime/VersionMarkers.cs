using System.Buffers.Text;
using System.Globalization;
using System.Text;
using Perdure.Authoring;
using Perdure.Storage;

namespace Perdure.Runtime;

/// <summary>
/// Which version of each change a run follows: what its history says, and what its code was told. A change is asked for by name and place: a record that was made at a later
/// operation says nothing about an earlier one, which the run had passed before.
/// </summary>
internal sealed class VersionMarkers
{
    private readonly Dictionary<string, Marker> _recorded = new(StringComparer.Ordinal);
    private readonly Dictionary<string, int> _answers = new(StringComparer.Ordinal);

    public static ReadOnlyMemory<byte> Write(int version) => Encoding.ASCII.GetBytes(version.ToString(CultureInfo.InvariantCulture));

    /// <summary>Takes a marker of the history.</summary>
    public void Record(in EventRecord e, bool ofEarlierAttempt)
    {
        if (!Utf8Parser.TryParse(e.Data.Span, out int version, out _))
            throw new BlockException(RunBlockedReason.UndecodablePayload, $"Event {e.Sequence} holds no version of the change \"{e.Name}\".");
        // An attempt goes on with what an earlier one was told, wherever it asks.
        _recorded[e.Name] = new Marker(ofEarlierAttempt ? 0 : e.Operation, version);
    }

    /// <summary>The version that the run follows at operation <paramref name="operation"/>; null when neither code nor history has said so.</summary>
    public int? Find(string change, int operation)
    {
        if (_answers.TryGetValue(change, out var answer)) return answer;
        if (!_recorded.TryGetValue(change, out var marker)) return null;
        return marker.Operation <= operation ? Answer(change, marker.Version) : WorkflowContext.DefaultVersion;
    }

    /// <summary>From now on the answer, wherever the code asks.</summary>
    public int Answer(string change, int version) => _answers[change] = version;

    private readonly record struct Marker(int Operation, int Version);
}
