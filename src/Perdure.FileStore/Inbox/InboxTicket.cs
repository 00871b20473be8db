using Perdure.Files.Rows;

namespace Perdure.Files.Inbox;

/// <summary>A request that waits in the inbox.</summary>
/// <param name="Request">Its file.</param>
/// <param name="Answer">The file that its answer goes to.</param>
internal sealed record InboxTicket(string Request, string Answer)
{
    /// <summary>What it asks, or null when it is gone or cannot be read.</summary>
    public Request? Read()
    {
        try
        {
            return StoreJson.Read<Request>(File.ReadAllBytes(Request), Request);
        }
        catch (Exception e) when (e is FileNotFoundException or StoreException)
        {
            return null;
        }
    }
}
