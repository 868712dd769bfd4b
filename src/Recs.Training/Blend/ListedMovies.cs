using Recs.Training.Fitting;
using Recs.Training.Numerics;
using Recs.Training.Scoring;

namespace Recs.Training.Blend;

/// <summary>
/// One person's question to the weights: the movies that any member has among its best, what each member says of them, and which of them was held out.
/// </summary>
/// <param name="Count">Movies.</param>
/// <param name="Target">Place of the held-out movie among them.</param>
/// <param name="Says">Per movie two numbers per member: z and ln(1 + max(z, 0) / 0.3) (<see cref="MemberWeight"/>).</param>
internal sealed record ListedMovies(int Count, int Target, float[] Says)
{
    private const int PeopleAtATime = 32;

    /// <summary>
    /// Asks the members. Only the top of a list is ever seen, so only movies that could be there count: a likelihood over the whole catalogue weighs members by how well they
    /// order what nobody is shown. A person whose held-out movie no member has among its best tells nothing and is left out.
    /// </summary>
    /// <param name="scorers">The members, fitted without the held-out movies.</param>
    /// <param name="held">Whom to ask about.</param>
    /// <param name="best">Movies of each member.</param>
    /// <param name="run">Threads, progress, cancellation.</param>
    /// <returns>In the order of the people, whatever the number of threads.</returns>
    public static List<ListedMovies> Of(IReadOnlyList<IScorer> scorers, HeldOutLast held, int best, FitRun run)
    {
        var listed = new ListedMovies?[held.People.Length];
        var blocks = (listed.Length + PeopleAtATime - 1) / PeopleAtATime;
        run.Report("ask", 0);
        Workers.Run(run.Compute.Threads, blocks, () => new Asking(scorers, best), (asking, block) =>
        {
            run.Cancel.ThrowIfCancellationRequested();
            for (var i = block * PeopleAtATime; i < Math.Min((block + 1) * PeopleAtATime, listed.Length); i++)
                listed[i] = asking.About(held.State(held.People[i]), held.TargetOf(held.People[i]));
        });
        return [.. listed.OfType<ListedMovies>()];
    }

    /// <summary>One thread's memory.</summary>
    private sealed class Asking(IReadOnlyList<IScorer> scorers, int best) : IDisposable
    {
        private readonly float[][] _scores = [.. scorers.Select(s => new float[s.Movies.Count])];
        private readonly float[] _open = new float[scorers[0].Movies.Count];
        private readonly int[] _top = new int[best];
        private readonly float[] _topScores = new float[best];
        private readonly SortedSet<int> _movies = [];

        public ListedMovies? About(in UserState user, int target)
        {
            _movies.Clear();
            var spreads = new ScoreSpread[scorers.Count];
            for (var m = 0; m < spreads.Length; m++)
            {
                scorers[m].Score(user, _scores[m]);
                spreads[m] = ScoreSpread.Of(_scores[m], user.Movies);
                _scores[m].CopyTo(_open, 0);
                SlateRanking.LeaveOut(_open, user.Movies);
                foreach (var movie in _top.AsSpan(0, SlateRanking.TopK(_open, _top, _topScores)))
                    _movies.Add(movie);
            }

            return _movies.Contains(target) ? Listed(spreads, target) : null;
        }

        public void Dispose()
        {
            // Memory alone: each thread has its own, so that nobody writes to another's scores.
        }

        private ListedMovies Listed(ScoreSpread[] spreads, int target)
        {
            var (says, place, at) = (new float[_movies.Count * spreads.Length * 2], 0, 0);
            foreach (var movie in _movies) // ascending
            {
                if (movie == target)
                    place = at / (spreads.Length * 2);
                for (var m = 0; m < spreads.Length; m++)
                {
                    var z = spreads[m].Standard(_scores[m][movie]);
                    (says[at++], says[at++]) = ((float)z, (float)MemberWeight.Logarithm(z));
                }
            }

            return new(_movies.Count, place, says);
        }
    }
}
