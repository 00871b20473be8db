namespace Perdure.Files.Folders;

/// <summary>One file's part of a group. Doing it twice is the same as doing it once.</summary>
/// <param name="Kind">What is done.</param>
/// <param name="Path">The file, relative to the root.</param>
/// <param name="Offset">Where appended content begins.</param>
/// <param name="Content">What is written.</param>
internal readonly record struct Change(ChangeKind Kind, string Path, long Offset, ReadOnlyMemory<byte> Content);
