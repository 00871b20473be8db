namespace Perdure.Torture.Checking;

/// <summary>How a program in the model ends without a result.</summary>
internal sealed class ModelException(string state) : Exception(state)
{
    /// <summary>The state that its run ends in.</summary>
    public string State => Message;
}
