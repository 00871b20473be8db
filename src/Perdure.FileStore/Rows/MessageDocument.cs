namespace Perdure.Files.Rows;

/// <summary>An unread message.</summary>
/// <param name="Message">The message.</param>
/// <param name="Operation">Whose task's result it is, or -1.</param>
internal sealed record MessageDocument(InboxMessage Message, int Operation);
