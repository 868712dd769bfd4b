namespace Recs.Training.Snapshots;

/// <summary>
/// A data set in memory: every rating and watch of a snapshot in log order, as columns of equal length over dense ids, the genres and titles of its
/// movies and the demographics of its users. Immutable.
/// </summary>
public sealed class InteractionSet
{
    private readonly int[] _user;
    private readonly int[] _movie;
    private readonly byte[] _halfStars;
    private readonly long[] _at;
    private readonly Lazy<string> _sha256;
    private readonly Lazy<string> _genresSha256;
    private readonly Lazy<string> _titlesSha256;
    private readonly Lazy<string> _demographicsSha256;

    /// <summary>Takes ownership of the columns.</summary>
    /// <param name="users">Ids behind <paramref name="user"/>.</param>
    /// <param name="movies">Ids behind <paramref name="movie"/>.</param>
    /// <param name="user">Dense user id per interaction.</param>
    /// <param name="movie">Dense movie id per interaction.</param>
    /// <param name="halfStars">Rating in half stars, 1 to 10; 0 for a watch.</param>
    /// <param name="at">When it happened, milliseconds since 1970-01-01 UTC.</param>
    /// <param name="genres">Genres of <paramref name="movies"/>; null if none is known.</param>
    /// <param name="demographics">One per user; null if nothing is known of anybody.</param>
    /// <param name="titles">One per movie; null if none is known.</param>
    /// <exception cref="ArgumentException">The columns differ in length, or the genres, titles or demographics are those of other movies or users.</exception>
    public InteractionSet(
        IdMap users, IdMap movies, int[] user, int[] movie, byte[] halfStars, long[] at, MovieGenres? genres = null, IReadOnlyList<Demographics>? demographics = null,
        IReadOnlyList<MovieTitle>? titles = null)
    {
        if (movie.Length != user.Length || halfStars.Length != user.Length || at.Length != user.Length)
            throw new ArgumentException($"Columns differ in length: {user.Length} users, {movie.Length} movies, {halfStars.Length} ratings, {at.Length} times.");
        Genres = genres ?? MovieGenres.None(movies.Count);
        if (Genres.Movies != movies.Count)
            throw new ArgumentException($"Genres of {Genres.Movies} movies for {movies.Count}.", nameof(genres));
        Demographics = demographics ?? new Demographics[users.Count];
        if (Demographics.Count != users.Count)
            throw new ArgumentException($"Demographics of {Demographics.Count} users for {users.Count}.", nameof(demographics));
        Titles = titles ?? new MovieTitle[movies.Count];
        if (Titles.Count != movies.Count)
            throw new ArgumentException($"Titles of {Titles.Count} movies for {movies.Count}.", nameof(titles));
        (Users, Movies, _user, _movie, _halfStars, _at) = (users, movies, user, movie, halfStars, at);
        _sha256 = new(() => CanonicalBytes.Sha256(this));
        _genresSha256 = new(() => CanonicalBytes.GenresSha256(this));
        _titlesSha256 = new(() => CanonicalBytes.TitlesSha256(this));
        _demographicsSha256 = new(() => CanonicalBytes.DemographicsSha256(this));
    }

    /// <summary>Ids of the users.</summary>
    public IdMap Users { get; }
    /// <summary>Ids of the movies.</summary>
    public IdMap Movies { get; }
    /// <summary>Genres of the movies.</summary>
    public MovieGenres Genres { get; }
    /// <summary>What the catalogue called each movie, by dense movie id.</summary>
    public IReadOnlyList<MovieTitle> Titles { get; }
    /// <summary>What is known about each user besides the interactions, by dense user id.</summary>
    public IReadOnlyList<Demographics> Demographics { get; }
    /// <summary>Number of interactions.</summary>
    public int Count => _user.Length;
    /// <summary>Dense user id per interaction.</summary>
    public ReadOnlySpan<int> User => _user;
    /// <summary>Dense movie id per interaction.</summary>
    public ReadOnlySpan<int> Movie => _movie;
    /// <summary>Rating in half stars, 1 to 10; 0 for a watch.</summary>
    public ReadOnlySpan<byte> HalfStars => _halfStars;
    /// <summary>Milliseconds since 1970-01-01 UTC.</summary>
    public ReadOnlySpan<long> At => _at;

    /// <summary>Digest of the canonical bytes (<see cref="CanonicalBytes"/>), lower-case hexadecimal; computed once, when first asked for.</summary>
    public string Sha256 => _sha256.Value;

    /// <summary>Digest of the genres (<see cref="CanonicalBytes.GenresSha256"/>); computed once, when first asked for.</summary>
    public string GenresSha256 => _genresSha256.Value;

    /// <summary>Digest of the titles (<see cref="CanonicalBytes.TitlesSha256"/>); computed once, when first asked for.</summary>
    public string TitlesSha256 => _titlesSha256.Value;

    /// <summary>Digest of the demographics (<see cref="CanonicalBytes.DemographicsSha256"/>); computed once, when first asked for.</summary>
    public string DemographicsSha256 => _demographicsSha256.Value;

    /// <summary>The same interactions with other genres of the movies.</summary>
    public InteractionSet WithGenres(MovieGenres genres) => new(Users, Movies, _user, _movie, _halfStars, _at, genres, Demographics, Titles);

    /// <summary>The same interactions by users of whom something else is known.</summary>
    /// <param name="demographics">One per user.</param>
    public InteractionSet WithDemographics(IReadOnlyList<Demographics> demographics) => new(Users, Movies, _user, _movie, _halfStars, _at, Genres, demographics, Titles);

    /// <summary>The same interactions with movies of other titles.</summary>
    /// <param name="titles">One per movie.</param>
    public InteractionSet WithTitles(IReadOnlyList<MovieTitle> titles) => new(Users, Movies, _user, _movie, _halfStars, _at, Genres, Demographics, titles);

    /// <summary>The interactions whose flag is set, in the same order, over the same ids.</summary>
    /// <param name="keep">One flag per interaction.</param>
    public InteractionSet Where(ReadOnlySpan<bool> keep)
    {
        if (keep.Length != Count)
            throw new ArgumentException($"{keep.Length} flags for {Count} interactions.", nameof(keep));
        var count = keep.Count(true);
        int[] user = new int[count], movie = new int[count];
        var halfStars = new byte[count];
        var at = new long[count];
        var to = 0;
        for (var i = 0; i < keep.Length; i++)
        {
            if (!keep[i])
                continue;
            (user[to], movie[to], halfStars[to], at[to]) = (_user[i], _movie[i], _halfStars[i], _at[i]);
            to++;
        }

        return new(Users, Movies, user, movie, halfStars, at, Genres, Demographics, Titles);
    }

    /// <summary>The ratings alone, over the users and movies that occur in them.</summary>
    public InteractionSet RatingsOnly()
    {
        if (!_halfStars.AsSpan().Contains((byte)0))
            return this;
        var builder = new InteractionSetBuilder();
        for (var i = 0; i < Count; i++)
            if (_halfStars[i] != 0)
                builder.Add(Users[_user[i]], Movies[_movie[i]], _halfStars[i], _at[i]);
        var ratings = builder.Build();
        return ratings
            .WithGenres(Genres.Over(Movies, ratings.Movies))
            .WithTitles([.. ratings.Movies.Ids.Select(id => Titles[Movies.Find(id)])])
            .WithDemographics([.. ratings.Users.Ids.Select(id => Demographics[Users.Find(id)])]);
    }
}
