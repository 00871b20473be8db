using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Perdure;
using Perdure.Samples.Onboarding;
using Perdure.Storage;

if (args is ["--help" or "-h"])
{
    Console.WriteLine(Settings.Usage);
    return 0;
}

Settings settings;
try
{
    settings = Settings.Parse(args);
}
catch (FormatException error)
{
    Console.Error.WriteLine(error.Message);
    Console.Error.WriteLine(Settings.Usage);
    return 2;
}
Console.WriteLine($"Database: {settings.Database}");

try
{
    await (settings.Command switch
    {
        Command.Click => ClickAsync(),
        Command.Signal => OnboardAsync(OnboardUserBySignal.Definition),
        _ => OnboardAsync(OnboardUser.Definition),
    });
    return 0;
}
catch (KeyConflictException)
{
    Console.Error.WriteLine($"User {settings.User} is in this database already, with another --compress. What a run was started with stays. Give the same number, or another user.");
    return 2;
}
catch (StoreException error)
{
    Console.Error.WriteLine(error.Message);
    return 2;
}
catch (PerdureException error)
{
    Console.Error.WriteLine(error.Message);
    return 1;
}

async Task OnboardAsync(WorkflowDefinition<NewUser, Welcomed> workflow)
{
    var services = new ServiceCollection().AddSingleton(settings).AddSingleton<Screen>().AddSingleton<Accounts>();
    services.AddPerdure()
        .UseSqlite($"Data Source={settings.Database}")
        .AddWorkflow<OnboardUser>()
        .AddWorkflow<OnboardUserBySignal>();
    await using var provider = services.BuildServiceProvider();
    await using var engine = await PerdureEngine.StartAsync(provider);

    // The key makes a second start of this program find the run of the first.
    var run = await engine.Client.StartAsync(workflow, new(settings.User, settings.Compress), new() { Key = KeyOf(workflow) });
    if (!run.WasCreated) Console.WriteLine($"[found] user {settings.User}: was started before");
    Console.WriteLine($"Result: {await run.ResultAsync<JsonElement>()}");
}

async Task ClickAsync()
{
    // A client takes no work. It leaves the signal in the database, for whichever process has the run now or later.
    var services = new ServiceCollection();
    services.AddPerdureClient().UseSqlite($"Data Source={settings.Database}");
    await using var provider = services.BuildServiceProvider();
    var client = provider.GetRequiredService<IPerdureClient>();

    var run = await client.GetByKeyAsync(KeyOf(OnboardUserBySignal.Definition));
    // With a message id a second click is the same click.
    await client.SignalAsync(run.Id, OnboardUserBySignal.Clicked, "the link in the mail", messageId: "click");
    Console.WriteLine($"[click] user {settings.User}: the run will hear of it");
}

string KeyOf(WorkflowDefinition<NewUser, Welcomed> workflow) => $"{workflow.Name}/{settings.User}";
