using Recs.Training.Scoring;
using Recs.Training.Snapshots;

namespace Recs.Training.Blend;

/// <summary>The data without the last movie of everybody who has at least two, and these movies: what the weights are fitted on. A person's only movie stays.</summary>
internal sealed class HeldOutLast
{
    private const int MostPeople = 20_000; // a few weights need no more, and time and memory stay bounded

    private readonly Histories _given;
    private readonly int[] _last;

    private HeldOutLast(InteractionSet train, Histories given, int[] last, int[] people) => (Train, _given, _last, People) = (train, given, last, people);

    /// <summary>What the members are fitted on, over the same ids as the whole data.</summary>
    public InteractionSet Train { get; }

    /// <summary>Whose held-out movie is to be found, in an order that says nothing about who they are; evenly chosen if there are too many.</summary>
    public int[] People { get; }

    /// <summary>What a member is told about somebody.</summary>
    public UserState State(int user) => new(_given.Of(user), _given.HalfStarsOf(user), Train.Demographics[user]);

    /// <summary>The movie to be found.</summary>
    public int TargetOf(int user) => _last[user];

    /// <summary>Holds out.</summary>
    public static HeldOutLast Of(InteractionSet data)
    {
        var whole = Histories.Of(data);
        var last = new int[data.Users.Count];
        for (var user = 0; user < last.Length; user++)
            last[user] = whole.Of(user).Length < 2 ? -1 : whole.Of(user)[^1];
        var keep = new bool[data.Count];
        for (var i = 0; i < keep.Length; i++)
            keep[i] = data.Movie[i] != last[data.User[i]]; // also earlier facts about the movie: the members must not know it
        var train = data.Where(keep);
        return new(train, Histories.Of(train), last, Some(AnonymousOrder.Of(whole).Where(user => last[user] >= 0).ToArray()));
    }

    private static int[] Some(int[] people)
        => people.Length <= MostPeople ? people : [.. Enumerable.Range(0, MostPeople).Select(i => people[(long)i * people.Length / MostPeople])];
}
