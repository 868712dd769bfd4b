using Recs.Training.Features;
using Recs.Training.Neural;
using Recs.Training.SasRec;
using Recs.Training.Snapshots;

namespace Recs.Training.Tests.SasRec;

public class WindowEpochTests
{
    private static readonly InteractionSet Data = GeneratedData.Interactions(users: 40, movies: 200, perUser: 45);
    private static readonly Histories People = Histories.Of(Data);
    private static readonly SeenMovies Seen = SeenMovies.Of(Data, People);
    private static readonly SasRecLesson Lesson = SasRecLesson.Of(People, Seen, MovieFeatures.Of([.. Seen.Seen], leastMovies: 2));

    [Fact]
    public void Every_movie_but_the_first_of_a_history_and_those_kept_back_is_told_once_in_an_epoch()
    {
        var epoch = Epoch(window: 10, movies: 100, draws: 1);
        var told = Enumerable.Range(0, epoch.Steps).SelectMany(step => Enumerable.Range(0, GradientDescent.Parts).SelectMany(part => epoch.Told(step, part))).Order();
        told.ShouldBe(Enumerable.Range(0, People.Users).SelectMany(user => Enumerable.Range(People.Start(user) + 1, Lesson.Kept.Learned(user) - 1)));
        Lesson.People.Count(user => Lesson.Kept.Learned(user) < People.Of(user).Length).ShouldBe(1);
    }

    [Fact]
    public void Every_epoch_cuts_elsewhere_but_has_as_many_steps()
    {
        WindowEpoch first = Epoch(window: 10, movies: 100, draws: 1), second = Epoch(window: 10, movies: 100, draws: 2);
        second.Steps.ShouldBe(first.Steps);
        second.Told(0, 0).ShouldNotBe(first.Told(0, 0));
    }

    [Fact]
    public void The_parts_of_a_step_are_about_equal()
    {
        var epoch = Epoch(window: 10, movies: 300, draws: 1);
        var sizes = Enumerable.Range(0, GradientDescent.Parts).Select(part => epoch.Told(0, part).Count()).ToList();
        (sizes.Max() - sizes.Min()).ShouldBeLessThanOrEqualTo(10);
    }

    private static WindowEpoch Epoch(int window, int movies, ulong draws) => new(new SasRecNetwork(new(200, 1, 16, 1, 1, 16, window)), Lesson, movies, default, new(1, draws), 0);
}
