using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;

namespace Perdure.Hosting;

/// <summary>The options of one engine: configuration first, so that code wins over it; then the check.</summary>
internal sealed class PerdureOptionsSetup(PerdureSetup setup, IConfiguration? configuration = null)
    : IConfigureNamedOptions<PerdureOptions>, IValidateOptions<PerdureOptions>
{
    public void Configure(PerdureOptions options) => Configure(Options.DefaultName, options);

    public void Configure(string? name, PerdureOptions options)
    {
        if (configuration is not null && name == setup.OptionsName) ConfigurationReader.Read(configuration, setup.Name, options);
    }

    public ValidateOptionsResult Validate(string? name, PerdureOptions options)
    {
        if (name != setup.OptionsName) return ValidateOptionsResult.Skip;
        // Thrown as it is, and not as a list of texts: it carries a code and the option's name.
        options.Validate();
        setup.CheckStore();
        if (!setup.HasWorker && options.Queues.Count + options.RunsPerQueue.Count > 0)
            throw new InvalidOptionException("PerdureOptions.Queues", "A process with AddPerdureClient alone takes no work and serves no queues. Remove Queues and RunsPerQueue, or use AddPerdure.");
        return ValidateOptionsResult.Success;
    }
}
