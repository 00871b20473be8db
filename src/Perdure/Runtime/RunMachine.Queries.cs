using Perdure.Authoring;
using Perdure.Formats;

namespace Perdure.Runtime;

/// <content>Queries. They are answered by a machine that was loaded for nothing else, and is forgotten afterwards.</content>
internal sealed partial class RunMachine
{
    public void SetQuery(string query, QueryHandler handler)
    {
        MustBeInTurn();
        _kit.Queries?.Set(query, handler);
    }

    /// <summary>What the code has ended without, although the history tells of it; null for nothing.</summary>
    public string? LeftOver => _leftOver?[EndNotes.Determinism.Length..];

    /// <summary>Whether the code has returned, failed, or asked to go on as new.</summary>
    public bool CodeHasEnded => _main is { IsCompleted: true } || _next is not null;

    /// <summary>What the code has asked for and what has no outcome: the operation's number, its place or else its name, and whether it is a body.</summary>
    public List<(int Operation, string Name, bool HasBody)> Outstanding()
    {
        var outstanding = new List<(int, string, bool)>(_open.Count);
        for (var i = 0; i < _open.Count; i++) outstanding.Add((_open[i].Number, _open[i].Place ?? _open[i].Name, _open[i] is BodyOperation));
        return outstanding;
    }

    /// <summary>Brings the code to where the history ends, and no farther: what it asks for beyond it happens nowhere.</summary>
    /// <exception cref="BlockException">Code and history do not fit.</exception>
    public void LoadToAsk()
    {
        Replay([]);
        CheckForeign();
    }

    /// <summary>Answers a query from the code's variables.</summary>
    /// <param name="query">Its name.</param>
    /// <param name="argument">JSON; empty for none.</param>
    /// <exception cref="PerdureException">There is no such query, the argument does not fit, or the handler failed.</exception>
    public ReadOnlyMemory<byte> Ask(string query, ReadOnlyMemory<byte> argument)
    {
        var queries = _kit.Queries!;
        if (queries.Find(query) is not { } handler) throw new UnknownQueryException(query, NearestName.Hint(query, ["status", .. queries.Names]));
        (queries.Answering, _insideEffect) = (query, true);
        var answer = ReadOnlyMemory<byte>.Empty;
        try
        {
            _pump.Run(_ => answer = handler.Answer(argument, _kit.Codec), this);
        }
        catch (Exception e) when (e is not PerdureException)
        {
            throw new QueryFailedException(_seed.Id, query, e.Message, e);
        }
        finally
        {
            (queries.Answering, _insideEffect) = (null, false);
        }
        return answer;
    }
}
