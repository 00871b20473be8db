using System.Reflection.Metadata;
using System.Reflection.Metadata.Ecma335;
using System.Reflection.PortableExecutable;
using System.Text.RegularExpressions;

namespace Perdure.Tests.Architecture.Reading;

/// <summary>What an assembly consists of and refers to, read from its bytes: nothing of it is loaded or run.</summary>
internal sealed partial class CompiledAssembly
{
    private readonly MetadataReader _metadata;
    private readonly PEReader _image;
    private readonly NamedTypes _types;
    private readonly HashSet<CodeUse> _uses = [];
    private readonly Dictionary<string, CompiledType> _outermost = [];

    private CompiledAssembly(PEReader image)
    {
        _image = image;
        _metadata = image.GetMetadataReader();
        _types = new NamedTypes(_metadata);
        Name = _metadata.GetString(_metadata.GetAssemblyDefinition().Name);
        References = [.. _metadata.AssemblyReferences.Select(r => _metadata.GetString(_metadata.GetAssemblyReference(r).Name)).Order(StringComparer.Ordinal)];
        var documents = SourceDocuments.Read(image, _metadata);
        foreach (var handle in _metadata.TypeDefinitions) Visit(handle, documents);
    }

    /// <summary>Simple name.</summary>
    public string Name { get; }

    /// <summary>Simple names of the assemblies that it refers to.</summary>
    public IReadOnlyList<string> References { get; }

    /// <summary>The outermost types that come from source files.</summary>
    public IReadOnlyCollection<CompiledType> Types => _outermost.Values;

    /// <summary>Every reference, each once.</summary>
    public IReadOnlyCollection<CodeUse> Uses => _uses;

    /// <summary>Reads the assembly that holds <paramref name="type"/>.</summary>
    public static CompiledAssembly Of(Type type)
    {
        using var image = new PEReader(File.OpenRead(type.Assembly.Location), PEStreamOptions.PrefetchEntireImage);
        return new CompiledAssembly(image);
    }

    private void Visit(TypeDefinitionHandle handle, Dictionary<TypeDefinitionHandle, HashSet<string>> documents)
    {
        var type = _metadata.GetTypeDefinition(handle);
        var outermost = handle;
        while (!_metadata.GetTypeDefinition(outermost).GetDeclaringType().IsNil) outermost = _metadata.GetTypeDefinition(outermost).GetDeclaringType();
        var owner = _types.GetTypeFromDefinition(_metadata, outermost, 0).Text;
        if (handle == outermost && documents.TryGetValue(handle, out var files))
            _outermost[owner] = new CompiledType(owner, _metadata.GetString(type.Namespace), files);

        var typeName = _types.GetTypeFromDefinition(_metadata, handle, 0).Text;
        var site = new Site(owner, Readable(typeName));
        if (!type.BaseType.IsNil) Record(site, _types.GetType(_metadata, type.BaseType));
        foreach (var i in type.GetInterfaceImplementations()) Record(site, _types.GetType(_metadata, _metadata.GetInterfaceImplementation(i).Interface));
        foreach (var p in type.GetGenericParameters()) Constraints(site, p);
        foreach (var a in type.GetCustomAttributes()) Token(site, _metadata.GetCustomAttribute(a).Constructor);
        foreach (var f in type.GetFields())
        {
            Record(site, _metadata.GetFieldDefinition(f).DecodeSignature(_types, null));
            foreach (var a in _metadata.GetFieldDefinition(f).GetCustomAttributes()) Token(site, _metadata.GetCustomAttribute(a).Constructor);
        }
        foreach (var m in type.GetMethods()) Method(owner, typeName, _metadata.GetMethodDefinition(m));
    }

    private void Method(string owner, string typeName, MethodDefinition method)
    {
        var site = new Site(owner, Readable(typeName + "." + _metadata.GetString(method.Name)));
        Record(site, method.DecodeSignature(_types, null));
        foreach (var p in method.GetGenericParameters()) Constraints(site, p);
        foreach (var a in method.GetCustomAttributes()) Token(site, _metadata.GetCustomAttribute(a).Constructor);
        if (method.RelativeVirtualAddress == 0) return;
        var body = _image.GetMethodBody(method.RelativeVirtualAddress);
        if (!body.LocalSignature.IsNil)
            foreach (var local in _metadata.GetStandaloneSignature(body.LocalSignature).DecodeLocalSignature(_types, null)) Record(site, local);
        foreach (var region in body.ExceptionRegions)
            if (region.Kind == ExceptionRegionKind.Catch) Token(site, region.CatchType);
        foreach (var token in Il.Tokens(body.GetILBytes() ?? [])) Token(site, token);
    }

    private void Constraints(Site site, GenericParameterHandle handle)
    {
        foreach (var c in _metadata.GetGenericParameter(handle).GetConstraints())
            Record(site, _types.GetType(_metadata, _metadata.GetGenericParameterConstraint(c).Type));
    }

    private void Token(Site site, EntityHandle token)
    {
        switch (token.Kind)
        {
            case HandleKind.MethodSpecification:
                var spec = _metadata.GetMethodSpecification((MethodSpecificationHandle)token);
                foreach (var argument in spec.DecodeSignature(_types, null)) Record(site, argument);
                Token(site, spec.Method);
                break;
            case HandleKind.MemberReference:
                var member = _metadata.GetMemberReference((MemberReferenceHandle)token);
                var signature = member.GetKind() == MemberReferenceKind.Method ? member.DecodeMethodSignature(_types, null) : default(MethodSignature<NamedType>?);
                Record(site, _types.GetType(_metadata, member.Parent), _metadata.GetString(member.Name), signature);
                if (signature is null) Record(site, member.DecodeFieldSignature(_types, null));
                break;
            case HandleKind.MethodDefinition:
                var method = _metadata.GetMethodDefinition((MethodDefinitionHandle)token);
                Record(site, _types.GetType(_metadata, method.GetDeclaringType()), _metadata.GetString(method.Name), method.DecodeSignature(_types, null));
                break;
            case HandleKind.FieldDefinition:
                var field = _metadata.GetFieldDefinition((FieldDefinitionHandle)token);
                Record(site, _types.GetType(_metadata, field.GetDeclaringType()), _metadata.GetString(field.Name), null);
                break;
            default:
                Record(site, _types.GetType(_metadata, token));
                break;
        }
    }

    private void Record(Site site, MethodSignature<NamedType> signature)
    {
        Record(site, signature.ReturnType);
        foreach (var parameter in signature.ParameterTypes) Record(site, parameter);
    }

    private void Record(Site site, NamedType type)
    {
        foreach (var (assembly, outermost) in type.Parts) _uses.Add(new CodeUse(site.Owner, site.Name, assembly, outermost, ""));
    }

    private void Record(Site site, NamedType declaring, string name, MethodSignature<NamedType>? signature)
    {
        Record(site, declaring);
        if (signature is { } s) Record(site, s);
        if (declaring.Parts.Count == 0) return;
        var generics = declaring.Text.IndexOf('<', StringComparison.Ordinal);
        var type = generics > 0 && declaring.Text.EndsWith('>') ? declaring.Text[..generics] : declaring.Text;
        var parameters = signature is { } m ? $"({string.Join(",", m.ParameterTypes.Select(p => p.Text))})" : "";
        _uses.Add(new CodeUse(site.Owner, site.Name, declaring.Parts[0].Assembly, declaring.Parts[0].Outermost, $"{type}::{name}{parameters}"));
    }

    /// <summary>Names that the compiler made up for lambdas and state machines become the name of the method that they were written in.</summary>
    private static string Readable(string site)
    {
        var made = MadeUp().Match(site);
        return made.Success ? $"{made.Groups["type"].Value}.{made.Groups["method"].Value}" : site.Replace("+<>c", "", StringComparison.Ordinal);
    }

    [GeneratedRegex(@"^(?<type>[^<]*?)(\+<>c[^.+]*)?[.+]<(?<method>[^<>]+)>")]
    private static partial Regex MadeUp();

    private readonly record struct Site(string Owner, string Name);
}
