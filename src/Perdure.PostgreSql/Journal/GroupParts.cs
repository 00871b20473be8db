namespace Perdure.PostgreSql.Journal;

/// <summary>What a group has besides events.</summary>
[Flags]
internal enum GroupParts
{
    None = 0,
    Rows = 1,
    Births = 2,
    Tasks = 4,
    All = Rows | Births | Tasks,
}
