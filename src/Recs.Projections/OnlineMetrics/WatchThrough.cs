using System.Runtime.InteropServices;

namespace Recs.Projections.OnlineMetrics;

/// <summary>What became of slates.</summary>
/// <param name="Slates">Slates, each once.</param>
/// <param name="Converted">Those of which at least one movie was watched within the window.</param>
public readonly record struct WatchThroughCounts(long Slates, long Converted)
{
    /// <summary>Share of the slates that converted, 0 to 1; null without a slate.</summary>
    public double? Rate => Slates == 0 ? null : Converted / (double)Slates;
}

/// <summary>
/// Joins slates with watches of the same person while both go by, in the memory that the open windows need: the share of slates of which a movie was watched within the window after
/// the slate, both ends included, to the millisecond. Facts may come in any order as long as none is late by more than the window; how many were is told, and for those
/// the join may miss a partner that is forgotten already.
/// </summary>
/// <remarks>
/// The clock is the latest time that two facts in a row have reached: one line with a time far ahead, as broken clocks write them, does not close the windows of all others.
/// A watch that is not late needs the slates of two windows back; a slate that is not late needs the watches of one. Watches of one movie that are at most a window apart make one
/// run, of which only the ends are kept: a slate's window meets a watch if and only if it meets the run.
/// </remarks>
/// <param name="window">How long after the slate a watch counts.</param>
public sealed class WatchThrough(TimeSpan window)
{
    private const long Never = long.MinValue / 2;

    private readonly long _window = (long)window.TotalMilliseconds;
    private readonly Dictionary<string, Person> _people = new(Utf8Comparer.Instance);
    private WatchThroughCounts _counts;
    private long _former = Never;
    private long _clock = Never;
    private long _nextSweep = Never;

    private sealed class Person
    {
        public List<Slate> Slates { get; } = [];
        public Dictionary<string, List<Run>> Watched { get; } = new(Utf8Comparer.Instance);
    }

    private sealed class Slate(long at, Guid id, byte[] items)
    {
        public long At { get; } = at;
        public Guid Id { get; } = id;
        public byte[] Items { get; } = items;
        public bool Converted { get; set; }
    }

    private record struct Run(long First, long Last);

    /// <summary>Counts so far.</summary>
    public WatchThroughCounts Counts => _counts;
    /// <summary>Slates that were told before, and are not counted again.</summary>
    public long Repeated { get; private set; }
    /// <summary>Facts that came more than a window behind the clock.</summary>
    public long Late { get; private set; }
    /// <summary>People who are remembered at the moment.</summary>
    public int OpenPeople => _people.Count;

    /// <summary>A minute of a movie was watched.</summary>
    /// <param name="user">UTF-8 id.</param>
    /// <param name="movie">UTF-8 id.</param>
    /// <param name="at">When.</param>
    public void Watched(ReadOnlySpan<byte> user, ReadOnlySpan<byte> movie, DateTimeOffset at)
    {
        var time = Tick(at);
        var person = PersonOf(user);
        foreach (var slate in person.Slates)
            if (!slate.Converted && time >= slate.At && time - slate.At <= _window && new SlateFact { Items = slate.Items }.PlaceOf(movie) >= 0)
                Convert(slate);
        ref var runs = ref CollectionsMarshal.GetValueRefOrAddDefault(person.Watched.GetAlternateLookup<ReadOnlySpan<byte>>(), movie, out _);
        Join(runs ??= [], time);
    }

    /// <summary>A slate was served.</summary>
    /// <param name="user">UTF-8 id.</param>
    /// <param name="at">When.</param>
    /// <param name="id">Its identity: a slate of the same id is the same slate.</param>
    /// <param name="items">UTF-8 movie ids joined by commas (no id holds one); kept.</param>
    public void Served(ReadOnlySpan<byte> user, DateTimeOffset at, Guid id, byte[] items)
    {
        var time = Tick(at);
        var person = PersonOf(user);
        if (person.Slates.Exists(s => s.Id == id))
        {
            Repeated++;
            return;
        }

        var slate = new Slate(time, id, items);
        person.Slates.Add(slate);
        _counts = _counts with { Slates = _counts.Slates + 1 };
        foreach (Range place in items.AsSpan().Split((byte)','))
            if (person.Watched.GetAlternateLookup<ReadOnlySpan<byte>>().TryGetValue(items.AsSpan(place), out var runs) && runs.Exists(r => r.Last >= time && r.First - time <= _window))
            {
                Convert(slate);
                break;
            }
    }

    /// <summary>Something else happened, which only tells the time.</summary>
    public void Passed(DateTimeOffset at) => Tick(at);

    private void Convert(Slate slate)
    {
        slate.Converted = true;
        _counts = _counts with { Converted = _counts.Converted + 1 };
    }

    private void Join(List<Run> runs, long time)
    {
        var run = new Run(time, time);
        for (var i = runs.Count - 1; i >= 0; i--)
            if (runs[i].First - run.Last <= _window && run.First - runs[i].Last <= _window)
            {
                run = new(Math.Min(run.First, runs[i].First), Math.Max(run.Last, runs[i].Last));
                runs.RemoveAt(i);
            }

        runs.Add(run);
    }

    private Person PersonOf(ReadOnlySpan<byte> user)
    {
        ref var person = ref CollectionsMarshal.GetValueRefOrAddDefault(_people.GetAlternateLookup<ReadOnlySpan<byte>>(), user, out _);
        return person ??= new();
    }

    private long Tick(DateTimeOffset at)
    {
        var time = at.ToUnixTimeMilliseconds();
        var reached = Math.Min(time, _former);
        _former = time;
        if (reached > _clock)
        {
            _clock = reached;
            if (_clock >= _nextSweep)
                Sweep();
        }

        if (time < _clock - _window)
            Late++;
        return time;
    }

    private void Sweep()
    {
        _nextSweep = _clock + Math.Max(1, _window / 2);
        foreach (var (user, person) in _people)
        {
            person.Slates.RemoveAll(s => s.At < _clock - (2 * _window));
            foreach (var (movie, runs) in person.Watched)
            {
                runs.RemoveAll(r => r.Last < _clock - _window);
                if (runs.Count == 0)
                    person.Watched.Remove(movie);
            }

            if (person.Slates.Count == 0 && person.Watched.Count == 0)
                _people.Remove(user);
        }
    }
}
