namespace Perdure.Worker;

/// <summary>The bodies of a run that were let begin and whose outcome it has not taken. Linked through the bodies, since there is mostly one. Not thread safe.</summary>
internal struct BodyList
{
    private RunningBody? _first;

    public readonly bool IsEmpty => _first is null;

    /// <summary>The last one added; the others follow by <see cref="RunningBody.Next"/>.</summary>
    public readonly RunningBody? First => _first;

    public void Add(RunningBody body)
    {
        body.Next = _first;
        if (_first is { } second) second.Previous = body;
        _first = body;
    }

    /// <summary>Takes out a body that was added before.</summary>
    public void Remove(RunningBody body)
    {
        if (body.Previous is { } previous) previous.Next = body.Next;
        else _first = body.Next;
        if (body.Next is { } next) next.Previous = body.Previous;
        (body.Previous, body.Next) = (null, null);
    }

    /// <summary>The attempt of the operation <paramref name="number"/> that began last, or null.</summary>
    public readonly RunningBody? Find(int number)
    {
        for (var body = _first; body is not null; body = body.Next)
            if (body.Operation.Number == number) return body;
        return null;
    }

    /// <summary>A copy that stays as it is when bodies come and go.</summary>
    public readonly List<RunningBody> ToList()
    {
        var bodies = new List<RunningBody>();
        for (var body = _first; body is not null; body = body.Next) bodies.Add(body);
        return bodies;
    }
}
