using System.Collections.Immutable;
using System.Reflection.Metadata;

namespace Perdure.Tests.Architecture.Reading;

/// <summary>Turns handles and signatures into <see cref="NamedType"/>.</summary>
internal sealed class NamedTypes : ISignatureTypeProvider<NamedType, object?>
{
    private readonly string _assembly;

    public NamedTypes(MetadataReader metadata) => _assembly = metadata.GetString(metadata.GetAssemblyDefinition().Name);

    public NamedType GetTypeFromDefinition(MetadataReader reader, TypeDefinitionHandle handle, byte rawTypeKind)
    {
        var type = reader.GetTypeDefinition(handle);
        var name = reader.GetString(type.Name);
        if (!type.GetDeclaringType().IsNil)
        {
            var outer = GetTypeFromDefinition(reader, type.GetDeclaringType(), rawTypeKind);
            return outer.Wrapped("+" + name);
        }
        var full = Qualified(reader.GetString(type.Namespace), name);
        return new NamedType(full, [(_assembly, full)]);
    }

    public NamedType GetTypeFromReference(MetadataReader reader, TypeReferenceHandle handle, byte rawTypeKind)
    {
        var type = reader.GetTypeReference(handle);
        var name = reader.GetString(type.Name);
        if (type.ResolutionScope.Kind == HandleKind.TypeReference)
            return GetTypeFromReference(reader, (TypeReferenceHandle)type.ResolutionScope, rawTypeKind).Wrapped("+" + name);
        var full = Qualified(reader.GetString(type.Namespace), name);
        var assembly = type.ResolutionScope.Kind == HandleKind.AssemblyReference
            ? reader.GetString(reader.GetAssemblyReference((AssemblyReferenceHandle)type.ResolutionScope).Name)
            : _assembly;
        return new NamedType(full, [(assembly, full)]);
    }

    public NamedType GetTypeFromSpecification(MetadataReader reader, object? context, TypeSpecificationHandle handle, byte rawTypeKind) =>
        reader.GetTypeSpecification(handle).DecodeSignature(this, context);

    public NamedType GetType(MetadataReader reader, EntityHandle handle) => handle.Kind switch
    {
        HandleKind.TypeDefinition => GetTypeFromDefinition(reader, (TypeDefinitionHandle)handle, 0),
        HandleKind.TypeReference => GetTypeFromReference(reader, (TypeReferenceHandle)handle, 0),
        HandleKind.TypeSpecification => GetTypeFromSpecification(reader, null, (TypeSpecificationHandle)handle, 0),
        _ => NamedType.Of(handle.Kind.ToString()),
    };

    public NamedType GetGenericInstantiation(NamedType genericType, ImmutableArray<NamedType> typeArguments) =>
        genericType.With($"{genericType.Text}<{string.Join(",", typeArguments.Select(a => a.Text))}>", typeArguments);

    public NamedType GetFunctionPointerType(MethodSignature<NamedType> signature) =>
        signature.ReturnType.With("fnptr", signature.ParameterTypes);

    public NamedType GetModifiedType(NamedType modifier, NamedType unmodifiedType, bool isRequired) =>
        unmodifiedType.With(unmodifiedType.Text, [modifier]);

    public NamedType GetArrayType(NamedType elementType, ArrayShape shape) => elementType.Wrapped($"[{new string(',', shape.Rank - 1)}]");

    public NamedType GetByReferenceType(NamedType elementType) => elementType.Wrapped("&");

    public NamedType GetGenericMethodParameter(object? genericContext, int index) => NamedType.Of("!!" + index);

    public NamedType GetGenericTypeParameter(object? genericContext, int index) => NamedType.Of("!" + index);

    public NamedType GetPinnedType(NamedType elementType) => elementType;

    public NamedType GetPointerType(NamedType elementType) => elementType.Wrapped("*");

    public NamedType GetPrimitiveType(PrimitiveTypeCode typeCode) => NamedType.Of("System." + typeCode);

    public NamedType GetSZArrayType(NamedType elementType) => elementType.Wrapped("[]");

    private static string Qualified(string space, string name) => space.Length == 0 ? name : space + "." + name;
}
