using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;

namespace Perdure.Tests.Architecture.Reading;

/// <summary>Which source files a type was compiled from, by the symbols that are embedded in the assembly.</summary>
internal static class SourceDocuments
{
    /// <summary>The record that the compiler writes for types without any statement (interfaces, enums, plain records).</summary>
    private static readonly Guid TypeDefinitionDocuments = new("932E74BC-DBA9-4478-8D46-0F32A7BAB3D3");

    public static Dictionary<TypeDefinitionHandle, HashSet<string>> Read(PEReader image, MetadataReader metadata)
    {
        var entry = image.ReadDebugDirectory().Single(e => e.Type == DebugDirectoryEntryType.EmbeddedPortablePdb);
        using var provider = image.ReadEmbeddedPortablePdbDebugDirectoryData(entry);
        var symbols = provider.GetMetadataReader();
        var found = new Dictionary<TypeDefinitionHandle, HashSet<string>>();

        foreach (var handle in metadata.MethodDefinitions)
        {
            var debug = symbols.GetMethodDebugInformation(handle);
            if (!debug.Document.IsNil) Add(metadata.GetMethodDefinition(handle).GetDeclaringType(), debug.Document);
            else
                foreach (var point in debug.GetSequencePoints()) Add(metadata.GetMethodDefinition(handle).GetDeclaringType(), point.Document);
        }
        foreach (var handle in metadata.TypeDefinitions)
            foreach (var custom in symbols.GetCustomDebugInformation(handle))
            {
                var record = symbols.GetCustomDebugInformation(custom);
                if (symbols.GetGuid(record.Kind) != TypeDefinitionDocuments) continue;
                var blob = symbols.GetBlobReader(record.Value);
                while (blob.RemainingBytes > 0)
                    Add(handle, System.Reflection.Metadata.Ecma335.MetadataTokens.DocumentHandle(blob.ReadCompressedInteger()));
            }
        return found;

        void Add(TypeDefinitionHandle type, DocumentHandle document)
        {
            while (!metadata.GetTypeDefinition(type).GetDeclaringType().IsNil) type = metadata.GetTypeDefinition(type).GetDeclaringType();
            if (!found.TryGetValue(type, out var files)) found.Add(type, files = []);
            files.Add(symbols.GetString(symbols.GetDocument(document).Name).Replace('\\', '/'));
        }
    }
}
