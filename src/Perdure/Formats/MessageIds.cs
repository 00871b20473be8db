namespace Perdure.Formats;

/// <summary>Ids of messages of which one may wait in an inbox: a second one asks for nothing new. Users' message ids have no leading underscore.</summary>
internal static class MessageIds
{
    public const string Cancel = "_cancel";

    public const string Terminate = "_terminate";
}
