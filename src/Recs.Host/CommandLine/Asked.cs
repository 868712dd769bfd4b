namespace Recs.Host.CommandLine;

/// <summary>Calls use cases whose <see cref="ArgumentException"/> means that the caller asked for something that is not there.</summary>
internal static class Asked
{
    /// <summary>Runs; what the use case refuses becomes bad usage.</summary>
    /// <exception cref="UsageException">The use case refused what was asked.</exception>
    public static async Task<T> ForAsync<T>(Task<T> work)
    {
        try
        {
            return await work;
        }
        catch (ArgumentException e)
        {
            throw Refused(e);
        }
    }

    /// <summary>Runs; what the use case refuses becomes bad usage.</summary>
    /// <exception cref="UsageException">The use case refused what was asked.</exception>
    public static T For<T>(Func<T> work)
    {
        try
        {
            return work();
        }
        catch (ArgumentException e)
        {
            throw Refused(e);
        }
    }

    private static UsageException Refused(ArgumentException e)
        => new(e.ParamName is null ? e.Message : e.Message.Replace($" (Parameter '{e.ParamName}')", "", StringComparison.Ordinal), e);
}
