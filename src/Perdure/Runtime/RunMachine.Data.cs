using Perdure.Authoring;
using Perdure.Formats;
using Perdure.Storage;

namespace Perdure.Runtime;

/// <content>The run's data: what a turn of the code changed is one event behind everything else that the turn wrote.</content>
internal sealed partial class RunMachine : IDataHolder
{
    private RunData? _data;
    private bool _hasEarlierData;

    public RunData Data => _data ??= new RunData(this, _kit.Codec);

    /// <summary>All data, JSON object; empty for none.</summary>
    public ReadOnlyMemory<byte> DataJson => _data is null ? default : _data.Values.Write();

    /// <summary>The step or activity that the code asked for last.</summary>
    public string? LastAsked { get; private set; }

    void IDataHolder.MustMayWrite()
    {
        if (!_pump.IsCurrent || _insideEffect) throw new ContextReadOnlyException();
        ThrowIfBlocked();
    }

    /// <summary>An attempt of the workflow begins with the data that the run before has left to this one, as a rule none: its code writes it again.</summary>
    private void BeginData()
    {
        if ((_hasEarlierData || _data is not null) && !IsReplaying) Draft.DataChanged = true;
    }

    private void SettleData()
    {
        if (_data is { IsChanged: true } data) SettleData(data);
    }

    private void SettleData(RunData data)
    {
        var delta = data.Delta();
        // Outcomes of Deferred steps may wait for the next commit, and so may what the code made of them.
        var e = new EventRecord { Kind = EventKind.ContextChanged, Data = delta };
        var isNew = IsBeyondRecord();
        if (isNew)
        {
            _history.Append(e, _now, Draft.IsDeferrable);
            Draft.DataChanged = true;
        }
        else
        {
            e = Emit(e, null, out _);
            if (_seed.Settings.Determinism == DeterminismMode.Strict && !PayloadEquality.SameInput(e.Data, delta))
                throw Stop(Diverged(e, $"other values: {PayloadEquality.Difference(e.Data, delta)}"));
        }
        // What was recorded counts, as with every value that the code got.
        data.Record(e.Data);
    }
}
