using Perdure.PostgreSql.Access;

namespace Perdure.PostgreSql.Journal;

/// <summary>What follows from the bundles of a group: children with their parents, successors, and messages to other runs, column by column as the server takes them.</summary>
internal sealed class SequelColumns
{
    /// <summary>How many parameters <see cref="Give"/> gives.</summary>
    public const int Parameters = BirthColumns.Parameters + 17;

    private readonly List<long> _writtenRuns = [];
    private readonly BirthColumns _births = new();
    private readonly List<long> _parents = [];
    private readonly List<bool> _successors = [];
    private readonly List<string?> _parentIds = [];
    private readonly List<string?> _roots = [];
    private readonly List<string?> _takenIds = [];
    private readonly List<int> _takenKinds = [];
    private readonly List<ReadOnlyMemory<byte>> _takenPayloads = [];
    private readonly List<long> _senders = [];
    private readonly List<bool> _atClose = [];
    private readonly List<bool> _toChild = [];
    private readonly List<long> _keys = [];
    private readonly List<string?> _runIds = [];
    private readonly List<string?> _ids = [];
    private readonly List<int> _kinds = [];
    private readonly List<string?> _names = [];
    private readonly List<ReadOnlyMemory<byte>> _payloads = [];
    private readonly List<int> _places = [];
    private readonly List<long> _toldParents = [];
    private readonly List<int> _endPlaces = [];

    public bool IsEmpty => _parents.Count == 0 && _senders.Count == 0;

    /// <summary>Notes that a group writes a run's row, and what follows from bundle number <paramref name="place"/>.</summary>
    public void Add(RunBundle bundle, int place)
    {
        _writtenRuns.Add(bundle.Run);
        foreach (var child in bundle.Children) Add(bundle.Run, place, child.Birth, child.Parent, child.IfTaken);
        if (bundle.Close is { Successor: { } successor }) Add(bundle.Run, place, successor, parent: null, ifTaken: null);
        foreach (var message in bundle.Messages) Add(bundle.Run, message, atClose: false);
        if (bundle.Close is null) return;
        foreach (var message in bundle.Close.Messages)
        {
            Add(bundle.Run, message, atClose: true);
            if (message is not { Kind: MessageKind.ChildEnd, RunKey: not 0 }) continue;
            _toldParents.Add(message.RunKey);
            _endPlaces.Add(place);
        }
    }

    /// <summary>Whether children end with the group, and tell their parents.</summary>
    public bool HasEnds => _endPlaces.Count > 0;

    /// <summary>Those parents.</summary>
    public void GiveToldParents(Question question) => question.Give(_toldParents);

    /// <summary>Notes that the parent with number <paramref name="ordinal"/>, from 1, does not hear of the end of its child.</summary>
    public void NoteUnheard(BundleOutcome[] outcomes, int ordinal)
    {
        ref var outcome = ref outcomes[_endPlaces[ordinal - 1]];
        if (outcome.Closed) outcome = outcome with { EndUnheard = true };
    }

    /// <summary>Corrects what the parents of children are told of their inboxes.</summary>
    public void Correct(BundleOutcome[] outcomes, long run, long inbox)
    {
        for (var i = 0; i < _parents.Count; i++)
        {
            if (_parents[i] == run) outcomes[_places[i]] = outcomes[_places[i]] with { Inbox = inbox };
        }
    }

    /// <summary>The runs that the group writes or sends to.</summary>
    public void GiveLocks(Question question) => question.Give([.. _writtenRuns, .. _keys]).Give(_runIds);

    /// <summary>The parameters, in the order of the function.</summary>
    public void Give(Question question)
    {
        _births.Give(question);
        question.Give(_parents).Give(_successors).Give(_parentIds).Give(_roots).Give(_takenIds).Give(_takenKinds).Give(_takenPayloads)
            .Give(_senders).Give(_atClose).Give(_toChild).Give(_keys).Give(_runIds).Give(_ids).Give(_kinds).Give(_names).Give(_payloads).Give(PerdureDefaults.MaxPendingSignals);
    }

    public void Clear()
    {
        if (_writtenRuns.Count == 0) return;
        _writtenRuns.Clear();
        _births.Clear();
        _parents.Clear();
        _successors.Clear();
        _parentIds.Clear();
        _roots.Clear();
        _takenIds.Clear();
        _takenKinds.Clear();
        _takenPayloads.Clear();
        _senders.Clear();
        _atClose.Clear();
        _toChild.Clear();
        _keys.Clear();
        _runIds.Clear();
        _ids.Clear();
        _kinds.Clear();
        _names.Clear();
        _payloads.Clear();
        _places.Clear();
        _toldParents.Clear();
        _endPlaces.Clear();
    }

    private void Add(long run, int place, RunBirth birth, RunParent? parent, OutgoingMessage? ifTaken)
    {
        _births.Add(birth, owner: 0, birth.Events);
        _parents.Add(run);
        _successors.Add(parent is null);
        _parentIds.Add(parent?.Id);
        _roots.Add(parent?.Root);
        _takenIds.Add(FreeText.Write(ifTaken?.Id));
        _takenKinds.Add((int)(ifTaken?.Kind ?? default));
        _takenPayloads.Add(ifTaken?.Payload ?? default);
        _places.Add(place);
    }

    private void Add(long sender, OutgoingMessage message, bool atClose)
    {
        _senders.Add(sender);
        _atClose.Add(atClose);
        _toChild.Add(message.ToChild);
        _keys.Add(message.RunKey);
        _runIds.Add(message.RunId);
        _ids.Add(FreeText.Write(message.Id));
        _kinds.Add((int)message.Kind);
        _names.Add(message.Name);
        _payloads.Add(message.Payload);
    }
}
