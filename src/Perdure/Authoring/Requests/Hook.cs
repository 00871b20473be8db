using System.Runtime.CompilerServices;
using Perdure.Authoring;

namespace Perdure;

/// <summary>
/// A callback that a workflow waits for, addressed by an unguessable token: give its <see cref="Url"/> or <see cref="Token"/> to whoever shall answer. For use in workflow code
/// only.
/// </summary>
/// <typeparam name="T">The payload's type. What is sent must have its shape.</typeparam>
public sealed class Hook<T> : IDisposable
{
    private readonly WorkflowContext _context;
    private readonly IHookReceipts<T> _receipts;

    internal Hook(WorkflowContext context, IHookReceipts<T> receipts) => (_context, _receipts) = (context, receipts);

    /// <summary>The hook's name.</summary>
    public string Name => _receipts.Name;

    /// <summary>
    /// 256 bits, base64url. The same on every replay; the store holds only its hash. Whoever has it may answer, so treat it like a password: no logs, no published state.
    /// </summary>
    public string Token => _receipts.Token;

    /// <summary><c>PerdureOptions.HookUrl</c> with the token behind it.</summary>
    public string Url => _receipts.Url;

    /// <summary>When it expires, on the store's clock; null when it does not.</summary>
    public DateTimeOffset? ExpiresAt => _receipts.ExpiresAt;

    /// <summary>Waits for the next answer. Answers that came before are delivered at once, in the order in which they came.</summary>
    /// <exception cref="HookExpiredException">The hook expired first.</exception>
    /// <exception cref="InvalidOperationException">The hook takes no more answers than have been asked for.</exception>
    /// <exception cref="OperationCanceledException">The hook was disposed, or the run was asked to cancel.</exception>
    public Task<T> ReceiveAsync() => OperationTask.Select(_receipts.Receive(), Name,
        static (received, name) => received.IsReceived ? received.Value : throw new HookExpiredException(name));

    /// <summary>As <see cref="ReceiveAsync"/>, but tells that the hook expired instead of throwing.</summary>
    /// <exception cref="InvalidOperationException">The hook takes no more answers than have been asked for.</exception>
    /// <exception cref="OperationCanceledException">The hook was disposed, or the run was asked to cancel.</exception>
    public Task<Received<T>> TryReceiveAsync() => _receipts.Receive();

    /// <summary>Takes the hook back: its token is worth nothing any more. A hook that has all its answers, or has expired, stays as it is.</summary>
    public void Dispose() => _context.Cancel(_receipts.Identity, default);
}
