using Perdure.PostgreSql.Access;

namespace Perdure.PostgreSql.Wakeups;

/// <summary>
/// Sends hints to other processes, outside of every transaction that stores something: at once, and together those that are asked for while one is on its way. Thread safe.
/// </summary>
internal sealed class Hints(Database database, string channel, string sender, PostgreSqlLog log)
{
    private static readonly TimeSpan Gap = TimeSpan.FromMilliseconds(2);

    private readonly CancellationTokenSource _stop = new();
    private readonly Lock _gate = new();
    private HintKind _wanted;
    private Task _sending = Task.CompletedTask;
    private bool _isSending;

    /// <summary>Sends a hint soon; returns at once.</summary>
    public void Send(HintKind kind)
    {
        lock (_gate)
        {
            _wanted |= kind;
            if (_isSending || _stop.IsCancellationRequested) return;
            _isSending = true;
            // On the pool: whoever asks has something better to do than to wait for the network, and its own loop may end before this does.
            _sending = Task.Run(SendAllAsync);
        }
    }

    public async ValueTask DisposeAsync()
    {
        Task sending;
        lock (_gate)
        {
            _stop.Cancel();
            sending = _sending;
        }
        await sending;
    }

    private async Task SendAllAsync()
    {
        while (true)
        {
            HintKind kind;
            lock (_gate)
            {
                kind = _wanted;
                _wanted = HintKind.None;
                if (kind == HintKind.None)
                {
                    _isSending = false;
                    return;
                }
            }
            try
            {
                await SendAsync(kind);
                // Hints that come faster than they go are worth waiting for a little.
                if (_wanted != HintKind.None && !_stop.IsCancellationRequested) await Task.Delay(Gap, TimeProvider.System, _stop.Token);
            }
            catch (OperationCanceledException) when (_stop.IsCancellationRequested)
            {
                // What was asked for before the end is still said.
            }
            catch (StoreException e)
            {
                log.HintFailed(e.Message);
            }
        }
    }

    private Task<bool> SendAsync(HintKind kind) => database.AskAsync(
        "send a hint", (channel, sender, kind),
        // Nothing is stored, so there is nothing to wait for the disk for.
        static (question, state) => question.Say("SELECT set_config('synchronous_commit', 'off', true), pg_notify($1, $2)").Give(state.channel).Give(HintText.Write(state.kind, state.sender)),
        static (_, _, _) => Task.FromResult(true),
        CancellationToken.None);
}
