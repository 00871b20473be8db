using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;

namespace Perdure.Hosting;

/// <summary>Configuration first, so that code wins over it; then the check.</summary>
internal sealed class PerdureOptionsSetup(PerdureSetup setup, IConfiguration? configuration = null)
    : IConfigureOptions<PerdureOptions>, IValidateOptions<PerdureOptions>
{
    public void Configure(PerdureOptions options)
    {
        if (configuration is not null) ConfigurationReader.Read(configuration, options);
    }

    public ValidateOptionsResult Validate(string? name, PerdureOptions options)
    {
        // Thrown as it is, and not as a list of texts: it carries a code and the option's name.
        options.Validate();
        setup.CheckStore();
        if (!setup.HasWorker && options.Queues.Count + options.RunsPerQueue.Count > 0)
            throw new InvalidOptionException("PerdureOptions.Queues", "A process with AddPerdureClient alone takes no work and serves no queues. Remove Queues and RunsPerQueue, or use AddPerdure.");
        return ValidateOptionsResult.Success;
    }
}
