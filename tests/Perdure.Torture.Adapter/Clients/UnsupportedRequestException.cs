namespace Perdure.Torture.Adapter.Clients;

/// <summary>A request for something that this adapter does not have.</summary>
internal sealed class UnsupportedRequestException(string message) : Exception(message);
