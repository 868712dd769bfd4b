using System.Text;

namespace Recs.Testing.Movielog;

/// <summary>What a generated log holds.</summary>
/// <param name="Lines">Lines.</param>
/// <param name="Bytes">Bytes.</param>
/// <param name="Repeated">Undamaged lines that say again what an earlier one says.</param>
/// <param name="Damaged">By line number, from 1: why the line must be rejected.</param>
public sealed record GeneratedMovielog(long Lines, long Bytes, long Repeated, IReadOnlyDictionary<long, string> Damaged);

/// <summary>
/// Writes a movielog like those of a running service: many people watch minute by minute, rate, and are answered with slates of twenty. The same seed writes the
/// same bytes.
/// </summary>
/// <param name="seed">Seed.</param>
/// <param name="users">People.</param>
/// <param name="movies">Movies.</param>
/// <param name="damageRate">Share of damaged lines, 0 to 1.</param>
/// <param name="repeatRate">Share of lines that are written a second time, 0 to 1.</param>
public sealed class MovielogGenerator(int seed, int users = 20_000, int movies = 3_000, double damageRate = 0, double repeatRate = 0)
{
    private const int Viewers = 1_000;
    private const int SlateSize = 20;

    private readonly Random _random = new(seed);
    private readonly HashSet<ulong> _said = [];
    private readonly (int User, int Movie, int Minute)[] _viewings = new (int, int, int)[Viewers];
    private readonly Dictionary<long, string> _damaged = [];
    private DateTime _now = new(2023, 10, 25, 7, 20, 57, DateTimeKind.Utc);
    private int _next;
    private long _repeated;

    /// <summary>A log in memory.</summary>
    /// <param name="bytes">Its least size.</param>
    /// <param name="log">What it holds.</param>
    public byte[] Write(long bytes, out GeneratedMovielog log)
    {
        using var target = new MemoryStream();
        log = Write(target, bytes);
        return target.ToArray();
    }

    /// <summary>Writes a log; once per generator.</summary>
    /// <param name="target">Gets the lines.</param>
    /// <param name="bytes">Least size.</param>
    public GeneratedMovielog Write(Stream target, long bytes)
    {
        for (var i = 0; i < Viewers; i++) _viewings[i] = (Person(), Movie(), _random.Next(100));
        var (lines, written) = (0L, 0L);
        while (written < bytes)
        {
            var (form, line) = NextLine();
            var isDamaged = _random.NextDouble() < damageRate;
            for (var times = !isDamaged && _random.NextDouble() < repeatRate ? 2 : 1; times > 0; times--)
            {
                lines++;
                var text = isDamaged ? MovielogDamage.Do(_random, form, line, out var reason) : Undamaged(line, out reason);
                if (reason is not null) _damaged.Add(lines, reason);
                target.Write(text);
                target.WriteByte((byte)'\n');
                written += text.Length + 1;
            }
        }
        return new(lines, written, _repeated, _damaged);
    }

    private byte[] Undamaged(string line, out string? reason)
    {
        reason = null;
        if (!_said.Add(Fingerprint(line))) _repeated++;
        return Encoding.ASCII.GetBytes(line);
    }

    /// <summary>FNV-1a of 64 bits: a set of whole lines would not fit in memory for a large log.</summary>
    private static ulong Fingerprint(string line) => line.Aggregate(14695981039346656037UL, (hash, c) => (hash ^ c) * 1099511628211UL);

    private (char Form, string Line) NextLine()
    {
        _now = _now.AddMilliseconds(60_000.0 / Viewers * 2 * _random.NextDouble());
        var dice = _random.NextDouble();
        if (dice < 0.05) return ('s', Slate());
        if (dice < 0.12) return ('r', $"{Second()},{Person()},GET /rate/{Name(Movie())}={1 + _random.Next(5)}");
        ref var viewing = ref _viewings[_next++ % Viewers];
        if (viewing.Minute >= 90 + viewing.Movie % 60 || _random.NextDouble() < 0.002) viewing = (Person(), Movie(), 0);
        return ('w', $"{Second()},{viewing.User},GET /data/m/{Name(viewing.Movie)}/{viewing.Minute++}.mpg");
    }

    private string Slate()
    {
        var items = string.Join(", ", Enumerable.Range(0, SlateSize).Select(_ => Name(Movie())));
        return $"{_now:yyyy-MM-ddTHH:mm:ss.fff},{Person()},recommendation request host-{_random.Next(4)}.example:8082, status 200, result: {items}, {5 + _random.Next(800)} ms";
    }

    /// <summary>Whole minutes are written without their seconds, as services on Java do.</summary>
    private string Second() => _now.ToString(_now.Second == 0 ? "yyyy-MM-ddTHH:mm" : "yyyy-MM-ddTHH:mm:ss");

    private int Person() => 1 + _random.Next(users);

    /// <summary>The square makes some movies far more popular than others.</summary>
    private int Movie() => (int)(movies * Math.Pow(_random.NextDouble(), 2));

    private static string Name(int movie) => (movie % 50) switch
    {
        0 => $"a+title+without+a+year+{Word(movie)}+",
        1 => $"l.a.+{Word(movie)}_+part+{movie}+{1930 + movie % 90}",
        2 => $"the+{Word(movie)}%27s+{movie}+{1930 + movie % 90}",
        _ => $"the+{Word(movie)}+of+{Word(movie / 7)}+{movie}+{1930 + movie % 90}",
    };

    private static string Word(int number) => Words[number % Words.Length];

    private static readonly string[] Words =
        ["river", "night", "garden", "storm", "winter", "city", "return", "shadow", "island", "summer", "letter", "machine", "harbour", "mountain", "silence"];
}
