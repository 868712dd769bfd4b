using System.Runtime.InteropServices;

namespace Recs.Projections.OnlineMetrics;

/// <summary>Where stored slates are looked for that an outcome may belong to: per person and movie, stretches of milliseconds.</summary>
internal sealed class SlatesSought
{
    private readonly Dictionary<(string User, string Movie), int> _newest = [];

    public List<string> Users { get; } = [];
    /// <summary>Null: slates of any movie.</summary>
    public List<string?> Movies { get; } = [];
    public List<long> First { get; } = [];
    public List<long> Last { get; } = [];

    /// <summary>Adds the slates that the outcome may belong to; minutes of one movie, one after the other, make one stretch.</summary>
    public void Add(string user, in Outcome outcome, long window)
    {
        var (first, last) = (outcome.At - window, outcome.At);
        ref var place = ref CollectionsMarshal.GetValueRefOrAddDefault(_newest, (user, outcome.MovieId), out var known);
        if (known && first <= Last[place] && last >= First[place])
        {
            (First[place], Last[place]) = (Math.Min(First[place], first), Math.Max(Last[place], last));
            return;
        }
        place = Users.Count;
        Put(user, outcome.MovieId, first, last);
    }

    /// <summary>Adds all slates of a person.</summary>
    public void AddAll(string user) => Put(user, null, long.MinValue, long.MaxValue);

    private void Put(string user, string? movie, long first, long last)
    {
        Users.Add(user);
        Movies.Add(movie);
        First.Add(first);
        Last.Add(last);
    }
}

/// <summary>Which stored hours of outcomes are needed to judge slates: per person, stretches of hours that do not overlap.</summary>
internal sealed class HoursSought
{
    public List<string> Users { get; } = [];
    public List<long> First { get; } = [];
    public List<long> Last { get; } = [];

    /// <summary>Adds the windows of a person's slates.</summary>
    public void Add(string user, IEnumerable<SlateFact> slates, long window)
    {
        (long First, long Last)? stretch = null;
        foreach (var at in slates.Select(s => s.At).Order())
        {
            var (first, last) = (Hours.Of(at), Hours.Of(at + window));
            if (stretch is { } open && first <= open.Last + 1)
            {
                stretch = (open.First, last);
                continue;
            }
            if (stretch is { } closed) Put(user, closed.First, closed.Last);
            stretch = (first, last);
        }
        if (stretch is { } end) Put(user, end.First, end.Last);
    }

    private void Put(string user, long first, long last)
    {
        Users.Add(user);
        First.Add(first);
        Last.Add(last);
    }
}
