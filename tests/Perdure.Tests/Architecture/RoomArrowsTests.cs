using Perdure.Files;
using Perdure.PostgreSql;
using Perdure.Sqlite;
using Perdure.Tests.Architecture.Reading;

namespace Perdure.Tests.Architecture;

/// <summary>The rooms of the engine refer to each other along the arrows of <see cref="Rooms.Arrows"/> and in no other way.</summary>
/// <remarks>Read from the compiled code, so a constant that the compiler has copied leaves no trace and is not seen.</remarks>
public sealed class RoomArrowsTests
{
    private static readonly CompiledAssembly Engine = CompiledAssembly.Of(typeof(WorkflowContext));
    private static readonly CompiledAssembly FileStore = CompiledAssembly.Of(typeof(FileStoreOptions));
    private static readonly CompiledAssembly PostgreSql = CompiledAssembly.Of(typeof(PostgreSqlStoreOptions));
    private static readonly CompiledAssembly Sqlite = CompiledAssembly.Of(typeof(SqliteStoreOptions));
    private static readonly Rooms House = new(Engine, FileStore, PostgreSql, Sqlite);

    [Fact]
    public void Types_ReferToOtherRooms_OnlyAlongTheArrows()
    {
        var broken = Violations(House, Rooms.Arrows, Engine, FileStore, PostgreSql, Sqlite);
        Assert.True(broken.Count == 0, Explain(broken));
    }

    [Fact]
    public void Rooms_AreExactlyThoseThatHaveArrows()
    {
        var rooms = Engine.Types.Concat(FileStore.Types).Concat(PostgreSql.Types).Concat(Sqlite.Types).Select(t => House.Of(t.Name)!).Distinct().Order(StringComparer.Ordinal);
        var known = Rooms.Arrows.Keys.Where(r => r != Rooms.Registration).Order(StringComparer.Ordinal);
        Assert.Equal(known, rooms.Where(r => r != Rooms.Registration));
    }

    [Fact]
    public void Arrows_HaveNoCircleButTheDoorOfHosting()
    {
        foreach (var room in Rooms.Arrows.Keys)
            Assert.False(Reaches(room, room, []), $"{room} can reach itself along the arrows.");

        static bool Reaches(string from, string to, HashSet<string> seen) => Rooms.Arrows[from].Any(next =>
            !(from is "Hosting" or Rooms.Registration && next is "Hosting" or Rooms.Registration)
            && (next == to || (seen.Add(next) && Reaches(next, to, seen))));
    }

    [Fact]
    public void Types_LieInOneFolder_AndTheirNamespaceNamesIt()
    {
        var misplaced = new List<string>();
        foreach (var assembly in new[] { Engine, FileStore, PostgreSql, Sqlite })
            foreach (var type in assembly.Types)
            {
                var folders = Rooms.Folders(assembly.Name, type);
                var root = Rooms.RootNamespace(assembly.Name);
                var expected = folders is [""] ? root : $"{root}.{string.Join("|", folders)}";
                var fits = folders.Count == 1 && (type.Namespace is "Perdure" or Rooms.RegistrationNamespace
                    || type.Namespace == expected || type.Namespace.StartsWith(expected + ".", StringComparison.Ordinal));
                if (!fits) misplaced.Add($"{type.Name} lies in the folders [{string.Join(", ", folders)}]");
            }
        Assert.True(misplaced.Count == 0, string.Join("\n", misplaced));
    }

    [Fact]
    public void Engine_ReferencesOnlyTheFrameworkAndExtensionAbstractions()
    {
        string[] extensions = [
            "Microsoft.Extensions.Configuration.Abstractions", "Microsoft.Extensions.DependencyInjection.Abstractions",
            "Microsoft.Extensions.Hosting.Abstractions", "Microsoft.Extensions.Logging.Abstractions", "Microsoft.Extensions.Options"];
        Assert.Empty(Engine.References.Where(r => !r.StartsWith("System.", StringComparison.Ordinal)).Except(extensions));
    }

    [Fact]
    public void ARoomThatMayReferToNothing_IsCaughtWithTheTypeAndTheReference()
    {
        var arrows = new Dictionary<string, string[]>(Rooms.Arrows) { ["Journal"] = [] };
        var broken = Explain(Violations(House, arrows, Engine, FileStore, PostgreSql, Sqlite));
        Assert.Contains("Journal → Storage: Perdure.Journal.Lane refers to Perdure.Storage.RunGroup in ", broken);
    }

    private static List<string> Violations(Rooms house, IReadOnlyDictionary<string, string[]> arrows, params CompiledAssembly[] assemblies) =>
        [.. assemblies.SelectMany(a => a.Uses)
            .Select(use => (Use: use, From: house.Of(use.Type), To: house.Of(use.Target)))
            .Where(u => u.From is not null && u.To is not null && u.From != u.To)
            .Where(u => !arrows.TryGetValue(u.From!, out var allowed) || !allowed.Contains(u.To))
            .Select(u => $"{u.From} → {u.To}: {u.Use.Type} refers to {u.Use.Target} in {u.Use.Site}")
            .Distinct().Order(StringComparer.Ordinal)];

    private static string Explain(List<string> broken) =>
        "These references go against the arrows between the rooms (Rooms.Arrows; docs/architecture.md says what each room is for). "
        + "Move the type, or pass what is needed through a port.\n" + string.Join("\n", broken);
}
