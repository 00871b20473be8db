using System.Net.Http.Json;

namespace Perdure.Samples.AgentLoop;

/// <summary>The paid services that the agent calls, over HTTP. Each call carries its key, so that a service can tell a repeated call from a new one.</summary>
internal sealed class ModelApi(Uri address)
{
    private readonly HttpClient _http = new() { BaseAddress = address };

    public async Task<Move> AskAsync(IReadOnlyList<string> talk, string key, CancellationToken cancellationToken)
    {
        using var response = await PostAsync("model", talk, key, cancellationToken);
        return (await response.Content.ReadFromJsonAsync<Move>(cancellationToken))!;
    }

    public async Task<string> CallToolAsync(string tool, string input, string key, CancellationToken cancellationToken)
    {
        using var response = await PostAsync($"tools/{tool}", input, key, cancellationToken);
        return (await response.Content.ReadFromJsonAsync<string>(cancellationToken))!;
    }

    private async Task<HttpResponseMessage> PostAsync<T>(string path, T body, string key, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = JsonContent.Create(body) };
        request.Headers.Add("Idempotency-Key", key);
        var response = await _http.SendAsync(request, cancellationToken);
        return response.EnsureSuccessStatusCode();
    }
}
