using Perdure.Files.Owning;

namespace Perdure.Files.Inbox;

/// <summary>Executes a request of another process as the owner would its own.</summary>
internal static class RequestExecution
{
    private static readonly CancellationToken Never = CancellationToken.None;

    /// <summary>The answer. A failure is one too.</summary>
    public static Answer Run(FolderOwner owner, Request? request)
    {
        try
        {
            return request switch
            {
                { ReserveKeys: { } count } => new() { Keys = owner.Write(count, static (rows, count, token) => rows.ReserveKeysAsync(count, token), Never) },
                { Start: { } births } => new() { Births = owner.Write(births, static (rows, births, token) => rows.StartRunsAsync(births, token), Never) },
                { StartWithSignal: { } asked } => new()
                {
                    SignalledStart = owner.Write(asked, static (rows, asked, token) => rows.StartWithSignalAsync(asked.Birth, asked.Signal, token), Never),
                },
                { Post: { } messages } => new() { Posts = owner.Write(messages, static (rows, messages, token) => rows.PostMessagesAsync(messages, token), Never) },
                { Reopen: { } message } => new() { Reopened = owner.Write(message, static (rows, message, token) => rows.ReopenRunAsync(message, token), Never) },
                { Delete: { } ids } => new() { Deleted = owner.Write(ids, static (rows, ids, token) => rows.DeleteRunsAsync(ids, token), Never) },
                { Purge: { } purge } => new() { Purged = PurgeAnswer.Of(owner.Write(purge, static (rows, purge, token) => rows.PurgeRunsAsync(purge, token), Never)) },
                { Read: { } selector } => new() { Run = owner.Read(selector, static (rows, selector, token) => rows.ReadRunAsync(selector, token), Never) },
                { List: { } query } => new() { Page = owner.Read(query, static (rows, query, token) => rows.ListRunsAsync(query, token), Never) },
                { Count: { } query } => new() { Counts = owner.Read(query, static (rows, query, token) => rows.CountRunsAsync(query, token), Never) },
                { CountWorkflows: true } => new() { Workflows = owner.Read(0, static (rows, _, token) => rows.CountWorkflowsAsync(token), Never) },
                { Chain: { } id } => new() { Chain = owner.Read(id, static (rows, id, token) => rows.ReadChainAsync(id, token), Never) },
                { Keep: { } kept } => new()
                {
                    Kept = Convert.ToBase64String(owner.Write(kept, static (rows, kept, token) => rows.KeepAsync(kept.Name, Convert.FromBase64String(kept.Value), token), Never).Span),
                },
                { AnswerRequest: { } answer } => new() { Answered = owner.Write(answer, static (rows, answer, token) => rows.AnswerRequestAsync(answer, token), Never) },
                { ListRequests: { } asked } => new() { Requests = owner.Read(asked.ToQuery(), static (rows, query, token) => rows.ListRequestsAsync(query, token), Never) },
                { ChangeQueue: { } change } => new() { Queue = owner.Write(change, static (rows, change, token) => rows.ChangeQueueAsync(change, token), Never) },
                { ListQueues: { } asked } => new() { Queues = owner.Read(asked.Name, static (rows, name, token) => rows.ListQueuesAsync(name, token), Never) },
                { ListTasks: { } query } => new() { Tasks = owner.Read(query, static (rows, query, token) => rows.ListTasksAsync(query, token), Never) },
                { WithdrawTasks: { } withdrawals } => new() { Withdrawn = owner.Write(withdrawals, static (rows, withdrawals, token) => rows.WithdrawTasksAsync(withdrawals, token), Never) },
                { ChangeWorker: { } change } => new() { Worker = owner.Write(change, static (rows, change, token) => rows.ChangeWorkerAsync(change, token), Never) },
                { ListWorkers: true } => new() { Workers = owner.Read(0, static (rows, _, token) => rows.ListWorkersAsync(token), Never) },
                { ReadTasks: { } run } => new() { RunTasks = owner.Read(run, static (rows, run, token) => rows.ReadTasksAsync(run, token), Never) },
                { History: { } history } => new() { History = owner.ReadHistory(history.Run, history.From) },
                { BackUp: { } target } => CopyTo(owner, target),
                _ => new() { Fault = StoreFault.Data, Message = "The owner of the folder does not understand the request. Both processes should use one version of the Perdure.FileStore package." },
            };
        }
        catch (StoreException e)
        {
            return new() { Fault = e.Fault, Message = e.Message };
        }
        catch (Exception e) when (e is ArgumentException)
        {
            return new() { Fault = StoreFault.Data, Message = e.Message };
        }
    }

    private static Answer CopyTo(FolderOwner owner, string target)
    {
        owner.CopyTo(target);
        return new();
    }
}
