using Recs.Training.Numerics;
using Recs.Training.Snapshots;

namespace Recs.Training.Tests;

/// <summary>Made-up people whose next movie depends on the last one, so that there is something to learn.</summary>
internal static class GeneratedData
{
    public static InteractionSet Interactions(int users = 60, int movies = 40, int perUser = 25, ulong seed = 1, bool watches = false, bool genres = false)
    {
        var random = new CounterRandom(seed, 7);
        var builder = new InteractionSetBuilder();
        var last = new int[users];
        ulong draw = 0;
        for (var step = 0; step < perUser; step++)
        {
            for (var user = 0; user < users; user++)
            {
                var jump = random.Below(4, draw++) == 0;
                last[user] = jump ? random.Below(movies, draw++) : (last[user] + 1 + random.Below(3, draw++)) % movies;
                var watch = watches && random.Below(3, draw++) == 0;
                builder.Add($"u{user}", $"m{last[user]}", watch ? (byte)0 : (byte)(1 + random.Below(10, draw++)), 1_000_000 + (step * 1000L) + user);
            }
        }

        return genres ? WithGenres(builder.Build()) : builder.Build();
    }

    /// <summary>Gives every movie but each seventh one to three genres, neighbours in the sequence of movies alike.</summary>
    public static InteractionSet WithGenres(InteractionSet data) => data.WithGenres(MovieGenres.Of(data.Movies, data.Movies.Ids.Select((id, movie) =>
        (id, (IReadOnlyList<string>)[.. Enumerable.Range(0, movie % 7 == 0 ? 0 : 1 + (movie % 3)).Select(g => $"genre {(int.Parse(id.AsSpan(1)) / 10) + (g * g)}")]))));

    /// <summary>Makes every other person a woman of 25, the rest men of 56. What they see does not depend on it, but for chance.</summary>
    public static InteractionSet WithDemographics(InteractionSet data)
        => data.WithDemographics([.. data.Users.Ids.Select(id => int.Parse(id.AsSpan(1)) % 2 == 0 ? new Demographics("F", 25, "7") : new Demographics("M", 56, null))]);

    /// <summary>A matrix of numbers from -1 to 1.</summary>
    public static Matrix Matrix(int rows, int columns, ulong seed = 1)
    {
        var random = new CounterRandom(seed, 8);
        var matrix = new Matrix(rows, columns);
        for (var i = 0; i < rows; i++)
            for (var j = 0; j < columns; j++)
                matrix[i, j] = (random.Below(20001, ((ulong)i * (ulong)columns) + (ulong)j) - 10000) / 10000f;
        return matrix;
    }

    /// <summary>A symmetric matrix of numbers from -1 to 1 with n + 1 on its diagonal, more than the others of a row together: positive definite.</summary>
    public static Matrix PositiveDefinite(int n, ulong seed = 1)
    {
        var a = Matrix(n, n, seed);
        for (var i = 0; i < n; i++)
        {
            a[i, i] = n + 1;
            for (var j = 0; j < i; j++)
                a[i, j] = a[j, i];
        }

        return a;
    }

    public static float[] Numbers(Matrix matrix)
    {
        var numbers = new float[matrix.Rows * matrix.Columns];
        for (var row = 0; row < matrix.Rows; row++)
            matrix.Row(row).CopyTo(numbers.AsSpan(row * matrix.Columns));
        return numbers;
    }
}
