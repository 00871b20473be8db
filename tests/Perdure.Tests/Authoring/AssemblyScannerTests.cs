using System.Reflection;
using System.Reflection.Emit;
using Perdure.Authoring;

namespace Perdure.Tests.Authoring;

public class AssemblyScannerTests
{
    private readonly WorkflowRegistry _workflows = new();
    private readonly ActivityRegistry _activities = new();

    [Fact]
    public void Register_MarkedTypes_AreFound()
    {
        ModuleBuilder module = NewModule(out AssemblyBuilder assembly);
        TypeBuilder workflow = module.DefineType("Found", TypeAttributes.Public, typeof(FoundBase));
        workflow.SetCustomAttribute(new CustomAttributeBuilder(typeof(WorkflowAttribute).GetConstructors()[0], ["found-by-scan"]));
        workflow.CreateType();
        TypeBuilder plain = module.DefineType("Plain", TypeAttributes.Public, typeof(FoundBase));
        plain.CreateType();
        DefineActivity(module, "Tools", "CleanAsync", MethodAttributes.Public);

        AssemblyScanner.Register(assembly, _workflows, _activities);
        Assert.Equal("found-by-scan", Assert.Single(_workflows.All).Name);
        Assert.Equal("clean", Assert.Single(_activities.All).Name);
        AssemblyScanner.Register(assembly, _workflows, _activities);
        Assert.Single(_workflows.All);
    }

    [Fact]
    public void Register_MarkedTypeThatIsNoWorkflow_IsRefused()
    {
        ModuleBuilder module = NewModule(out AssemblyBuilder assembly);
        TypeBuilder type = module.DefineType("NoWorkflow", TypeAttributes.Public);
        type.SetCustomAttribute(new CustomAttributeBuilder(typeof(WorkflowAttribute).GetConstructors()[0], ["x"]));
        type.CreateType();
        InvalidOptionException error = Assert.Throws<InvalidOptionException>(
            () => AssemblyScanner.Register(assembly, _workflows, _activities));
        Assert.Equal((ErrorCodes.InvalidRegistration, "NoWorkflow"), (error.Code, error.Option));
    }

    [Fact]
    public void Register_HiddenActivity_IsRefusedNotSkipped()
    {
        ModuleBuilder module = NewModule(out AssemblyBuilder assembly);
        DefineActivity(module, "Tools", "CleanAsync", MethodAttributes.Private);
        Assert.Contains("not public", Assert.Throws<InvalidOptionException>(
            () => AssemblyScanner.Register(assembly, _workflows, _activities)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Register_TypeThatCannotLoad_IsAnError()
    {
        InvalidOptionException error = Assert.Throws<InvalidOptionException>(
            () => AssemblyScanner.Register(new BrokenAssembly(), _workflows, _activities));
        Assert.Equal(ErrorCodes.UnloadableType, error.Code);
        Assert.Contains("Missing.dll", error.Message, StringComparison.Ordinal);
        Assert.Empty(_workflows.All);
    }

    [Fact]
    public void Register_InterfaceServedTwice_AsksWhich()
    {
        ModuleBuilder module = NewModule(out AssemblyBuilder assembly);
        TypeBuilder contract = module.DefineType("ITools", TypeAttributes.Public | TypeAttributes.Interface | TypeAttributes.Abstract);
        MethodBuilder method = contract.DefineMethod("CleanAsync",
            MethodAttributes.Public | MethodAttributes.Abstract | MethodAttributes.Virtual | MethodAttributes.HideBySig | MethodAttributes.NewSlot,
            typeof(Task), Type.EmptyTypes);
        method.SetCustomAttribute(new CustomAttributeBuilder(typeof(ActivityAttribute).GetConstructors()[0], [null]));
        contract.CreateType();
        Implement(module, contract, "First");
        AssemblyScanner.Register(assembly, _workflows, _activities);
        Assert.Equal("clean", Assert.Single(_activities.All).Name);

        Implement(module, contract, "Second");
        InvalidOptionException error = Assert.Throws<InvalidOptionException>(
            () => AssemblyScanner.Register(assembly, _workflows, _activities));
        Assert.Contains("AddActivities<ITools", error.Message, StringComparison.Ordinal);
    }

    public abstract class FoundBase : Workflow<int, int>
    {
        public override Task<int> RunAsync(WorkflowContext ctx, int input) => Task.FromResult(input);
    }

    private static ModuleBuilder NewModule(out AssemblyBuilder assembly)
    {
        assembly = AssemblyBuilder.DefineDynamicAssembly(new AssemblyName("Scanned"), AssemblyBuilderAccess.RunAndCollect);
        return assembly.DefineDynamicModule("Scanned");
    }

    private static void DefineActivity(ModuleBuilder module, string type, string name, MethodAttributes visibility)
    {
        TypeBuilder builder = module.DefineType(type, TypeAttributes.Public);
        MethodBuilder method = builder.DefineMethod(name, visibility | MethodAttributes.HideBySig, typeof(Task), Type.EmptyTypes);
        ReturnNull(method);
        method.SetCustomAttribute(new CustomAttributeBuilder(typeof(ActivityAttribute).GetConstructors()[0], [null]));
        builder.CreateType();
    }

    private static void Implement(ModuleBuilder module, TypeBuilder contract, string name)
    {
        TypeBuilder type = module.DefineType(name, TypeAttributes.Public, typeof(object), [contract]);
        MethodBuilder method = type.DefineMethod(
            "CleanAsync", MethodAttributes.Public | MethodAttributes.Virtual | MethodAttributes.HideBySig, typeof(Task), Type.EmptyTypes);
        ReturnNull(method);
        type.CreateType();
    }

    private static void ReturnNull(MethodBuilder method)
    {
        ILGenerator il = method.GetILGenerator();
        il.Emit(OpCodes.Ldnull);
        il.Emit(OpCodes.Ret);
    }

    private sealed class BrokenAssembly : Assembly
    {
        public override AssemblyName GetName() => new("Broken");

        public override Type[] GetTypes() =>
            throw new ReflectionTypeLoadException([null], [new FileNotFoundException("Missing.dll is missing")]);
    }
}
