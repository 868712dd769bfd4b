using System.Runtime.ExceptionServices;

namespace Recs.Host.Composition;

/// <summary>Closes what was opened.</summary>
internal static class Closing
{
    /// <summary>Closes all parts in order, also after one that failed, and then throws what the first of those threw.</summary>
    public static async ValueTask AllAsync(params Func<ValueTask>[] parts)
    {
        ExceptionDispatchInfo? first = null;
        foreach (var close in parts)
        {
            try
            {
                await close();
            }
            catch (Exception e)
            {
                first ??= ExceptionDispatchInfo.Capture(e);
            }
        }
        first?.Throw();
    }
}
