using System.Reflection;
using Perdure.Files.Rows;
using Perdure.Storage.Memory;

namespace Perdure.Stores.Tests.Files;

/// <summary>Nothing of a row is forgotten when it becomes a document.</summary>
public sealed class DocumentTests
{
    [Theory]
    [InlineData(typeof(RunRow), typeof(RunState))]
    [InlineData(typeof(TaskRow), typeof(TaskDocument))]
    [InlineData(typeof(WorkerRow), typeof(WorkerDocument))]
    [InlineData(typeof(LaneRow), typeof(LaneDocument))]
    public void Document_HasEverythingThatARowMayChange(Type row, Type document)
    {
        // That a lane is dead follows from its worker's death.
        string[] implied = ["Alive"];
        var changing = row.GetProperties(BindingFlags.Public | BindingFlags.Instance).Where(property => property.SetMethod is { IsPublic: true }).Select(property => property.Name);
        Assert.NotEmpty(changing);
        Assert.Empty(changing.Except(document.GetProperties().Select(property => property.Name)).Except(implied));
    }
}
