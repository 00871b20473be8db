using System.Globalization;
using Perdure.Authoring;
using Perdure.Storage;

namespace Perdure.Client;

/// <content>Many starts in one transaction.</content>
internal sealed partial class PerdureClient
{
    public Task<IReadOnlyList<StartOutcome>> StartManyAsync(IReadOnlyList<RunStart> starts, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(starts);
        if (starts.Count > PerdureDefaults.MaxStarts)
            throw new InvalidOptionException(nameof(starts), string.Create(CultureInfo.InvariantCulture,
                $"One call makes at most {PerdureDefaults.MaxStarts} starts, not {starts.Count}. Make several calls, with keys: then any of them may be repeated."));
        using var home = Home();
        var requests = new StartRequest[starts.Count];
        var size = 0L;
        for (var i = 0; i < requests.Length; i++)
        {
            requests[i] = Check(starts[i] ?? throw new ArgumentException($"Start {i} of the list is null.", nameof(starts)), i);
            size += requests[i].Input.Length;
        }
        if (size > PerdureDefaults.MaxStartsSize)
            throw new PayloadTooLargeException("The inputs of the starts of one call", size, PerdureDefaults.MaxStartsSize);
        return StartManyCoreAsync(requests, cancellationToken);
    }

    private StartRequest Check(RunStart start, int index)
    {
        try
        {
            var request = start.Check(_parts.Workflows, _parts.Codec);
            if (_parts.Transient is not null && !(request.Options.Durable ?? _parts.DefaultDurable))
                throw new NotDurableException("several starts are one transaction of the store. Start it alone.");
            return request;
        }
        catch (PerdureException e)
        {
            throw new InvalidStartException(index, e);
        }
    }

    private async Task<IReadOnlyList<StartOutcome>> StartManyCoreAsync(StartRequest[] requests, CancellationToken cancellationToken)
    {
        if (requests.Length == 0) return [];
        await _parts.ReadyAsync(cancellationToken);
        var order = Order(requests);
        var outcomes = await BearManyAsync(requests, order, cancellationToken);
        var answers = new StartOutcome[requests.Length];
        for (var i = 0; i < answers.Length; i++) answers[order[i]] = Answer(requests[order[i]], outcomes[i]);
        if (_parts.DriveAsync is { } drive)
        {
            foreach (var answer in answers)
                if (answer.Run.WasCreated) await drive(answer.Run.Id, cancellationToken);
        }
        return answers;
    }

    /// <summary>
    /// The order in which they are made: those that contend for a key or an id come in the order of its letters, so that two calls at once wait for each other in one direction only. Among
    /// equal ones the first of the list stays the first.
    /// </summary>
    private static int[] Order(StartRequest[] requests)
    {
        var order = new int[requests.Length];
        for (var i = 0; i < order.Length; i++) order[i] = i;
        Array.Sort(order, (a, b) =>
        {
            var names = string.CompareOrdinal(requests[a].Name, requests[b].Name);
            return names != 0 ? names : a.CompareTo(b);
        });
        return order;
    }

    /// <summary>Lets all be born, or none. Their ids are made before the first try, so a repeated call is the same starts.</summary>
    private async Task<IReadOnlyList<BirthOutcome>> BearManyAsync(StartRequest[] requests, int[] order, CancellationToken cancellationToken)
    {
        var (ids, keys, births) = (new string[requests.Length], new long[requests.Length], new RunBirth[requests.Length]);
        for (var tries = 1; ; tries++)
        {
            Instant now = default;
            for (var i = 0; i < keys.Length; i++)
            {
                (keys[i], now) = await _parts.Submissions.ReserveAsync(cancellationToken);
                ids[i] ??= requests[i].Start.Id ?? _parts.NewRunId(now.ToDateTimeOffset()).ToString("N");
            }
            for (var i = 0; i < births.Length; i++) births[i] = BirthBuilder.Build(requests[order[i]], ids[order[i]], keys[order[i]], now);
            try
            {
                return await _parts.Submissions.StartAsync(births, cancellationToken);
            }
            catch (StoreException e) when (e.Fault == StoreFault.Data && tries < StartTries)
            {
                // As for a single start: other keys may help.
                _parts.Submissions.DiscardKeys();
            }
        }
    }

    private StartOutcome Answer(StartRequest request, in BirthOutcome outcome) =>
        new(new RunHandle(this, outcome.Id!, outcome.Verdict == BirthVerdict.Created, isPurged: outcome.Status is null), Refusal(request, outcome));
}
