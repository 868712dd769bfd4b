using Recs.Host.Simulating.People;

namespace Recs.Host.Simulating.ClosedLoop;

/// <summary>A person who uses the service: what the simulation remembers of them from visit to visit.</summary>
/// <param name="person">The person.</param>
/// <param name="userId">Their id at the service.</param>
internal sealed class Visitor(Person person, string userId)
{
    private readonly HashSet<long> seen = [];

    /// <summary>The person.</summary>
    public Person Person => person;

    /// <summary>Their id at the service.</summary>
    public string UserId => userId;

    /// <summary>Visits that were planned so far.</summary>
    public int Visits { get; set; }

    /// <summary>The visit that is under way or waits last. A person makes one visit at a time, in the order of the plan, however slow the service is.</summary>
    public Task Last { get; set; } = Task.CompletedTask;

    /// <summary>Log position of what the person did last; their next slate has to know it.</summary>
    public long Sequence { get; set; }

    /// <summary>Epoch of the taste that the truth file tells; -1 for none yet.</summary>
    public int ToldEpoch { get; set; } = -1;

    /// <summary>Keys of the films that the person has seen.</summary>
    public IReadOnlySet<long> Seen => seen;

    /// <summary>The person has seen a film now.</summary>
    public void Saw(Film film) => seen.Add(film.Key);
}
