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

var services = new ServiceCollection().AddSingleton(settings).AddSingleton<Screen>().AddSingleton<Accounts>();
services.AddPerdure()
    .UseSqlite($"Data Source={settings.Database}")
    .AddWorkflow<OnboardUser>();
await using var provider = services.BuildServiceProvider();

var user = new NewUser(settings.User, settings.Compress);
try
{
    await using var engine = await PerdureEngine.StartAsync(provider);
    // The key makes a second start of this program find the run of the first.
    var run = await engine.Client.StartAsync(OnboardUser.Definition, user, new() { Key = $"user-{user.UserId}" });
    if (!run.WasCreated) Console.WriteLine($"[found] user {user.UserId}: was started before");
    Console.WriteLine($"Result: {await run.ResultAsync<JsonElement>()}");
    return 0;
}
catch (StoreException error)
{
    Console.Error.WriteLine(error.Message);
    return 2;
}
catch (KeyConflictException)
{
    Console.Error.WriteLine($"User {user.UserId} is in this database already, with another --compress. What a run was started with stays. Give the same number, or another user.");
    return 2;
}
