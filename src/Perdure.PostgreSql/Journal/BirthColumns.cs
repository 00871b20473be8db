using Perdure.PostgreSql.Access;
using Perdure.PostgreSql.Reading;

namespace Perdure.PostgreSql.Journal;

/// <summary>Runs to create, column by column as the server takes them.</summary>
internal sealed class BirthColumns
{
    /// <summary>How many parameters <see cref="Give"/> gives.</summary>
    public const int Parameters = 24;

    /// <summary>How many parameters <see cref="GivePlain"/> gives.</summary>
    public const int PlainParameters = 16;

    private readonly List<long> _keys = [];
    private readonly List<string?> _ids = [];
    private readonly List<string?> _workflows = [];
    private readonly List<int> _versions = [];
    private readonly List<string?> _queues = [];
    private readonly List<int> _priorities = [];
    private readonly List<long> _owners = [];
    private readonly List<long> _dues = [];
    private readonly List<long> _deadlines = [];
    private readonly List<long> _created = [];
    private readonly List<int> _maxCrashes = [];
    private readonly List<int> _semantics = [];
    private readonly List<int> _counts = [];
    private readonly List<ReadOnlyMemory<byte>> _bytes = [];
    private readonly List<ReadOnlyMemory<byte>> _inputs = [];
    private readonly List<ReadOnlyMemory<byte>> _options = [];
    private readonly List<ReadOnlyMemory<byte>> _inputHashes = [];
    private readonly List<string?> _startKeys = [];
    private readonly List<int> _policies = [];
    private readonly List<bool> _chosen = [];
    private readonly List<string?> _tags = [];
    private readonly List<long> _tagRuns = [];
    private readonly List<string?> _tagNames = [];
    private readonly List<string?> _tagValues = [];

    public int Count => _keys.Count;

    /// <summary>Whether all of them are born for a worker, under ids that the engine made, without key and tags: nothing can stand in their way.</summary>
    public bool ArePlain { get; private set; } = true;

    /// <summary>Adds a birth for <paramref name="owner"/> (0 for nobody); <paramref name="events"/> begins with the birth's own.</summary>
    public void Add(RunBirth birth, long owner, in EventBatch events)
    {
        _keys.Add(birth.Key);
        _ids.Add(birth.Id);
        _workflows.Add(birth.Workflow);
        _versions.Add(birth.Version);
        _queues.Add(birth.Queue);
        _priorities.Add(birth.Priority);
        _owners.Add(owner);
        _dues.Add(birth.DueAt.Micros);
        _deadlines.Add(birth.Deadline.Micros);
        _created.Add(birth.CreatedAt.Micros);
        _maxCrashes.Add(birth.MaxCrashes);
        _semantics.Add(birth.EngineSemantics);
        _counts.Add(events.Count);
        _bytes.Add(events.Bytes);
        _inputs.Add(birth.Input);
        _options.Add(birth.Options);
        _inputHashes.Add(birth.InputHash);
        _startKeys.Add(FreeText.Write(birth.StartKey));
        _policies.Add((int)birth.OnConflict);
        _chosen.Add(birth.ChosenId);
        _tags.Add(TagText.Write(birth.Tags));
        if (owner == 0 || birth.ChosenId || birth.StartKey is not null || birth.Tags is { Count: > 0 }) ArePlain = false;
        if (birth.Tags is not { Count: > 0 } tags) return;
        foreach (var (name, value) in tags)
        {
            _tagRuns.Add(birth.Key);
            _tagNames.Add(FreeText.Write(name));
            _tagValues.Add(FreeText.Write(value));
        }
    }

    public void Clear()
    {
        if (_keys.Count == 0) return;
        ArePlain = true;
        _keys.Clear();
        _ids.Clear();
        _workflows.Clear();
        _versions.Clear();
        _queues.Clear();
        _priorities.Clear();
        _owners.Clear();
        _dues.Clear();
        _deadlines.Clear();
        _created.Clear();
        _maxCrashes.Clear();
        _semantics.Clear();
        _counts.Clear();
        _bytes.Clear();
        _inputs.Clear();
        _options.Clear();
        _inputHashes.Clear();
        _startKeys.Clear();
        _policies.Clear();
        _chosen.Clear();
        _tags.Clear();
        _tagRuns.Clear();
        _tagNames.Clear();
        _tagValues.Clear();
    }

    /// <summary>The parameters, in the order of the function.</summary>
    public void Give(Question question) => question
        .Give(_keys).Give(_ids).Give(_workflows).Give(_versions).Give(_queues).Give(_priorities).Give(_owners).Give(_dues)
        .Give(_deadlines).Give(_created).Give(_maxCrashes).Give(_semantics).Give(_counts).Give(_bytes)
        .Give(_inputs).Give(_options).Give(_inputHashes).Give(_startKeys).Give(_policies).Give(_chosen).Give(_tags)
        .Give(_tagRuns).Give(_tagNames).Give(_tagValues);

    /// <summary>Those of plain births, in the order of the function that takes them.</summary>
    public void GivePlain(Question question) => question
        .Give(_keys).Give(_ids).Give(_workflows).Give(_versions).Give(_queues).Give(_priorities).Give(_dues)
        .Give(_deadlines).Give(_created).Give(_maxCrashes).Give(_semantics).Give(_counts).Give(_bytes)
        .Give(_inputs).Give(_options).Give(_inputHashes);
}
