namespace Recs.Commands.Tests.Answering;

public sealed class DescriptionTests(CommandHost host) : IClassFixture<CommandHost>
{
    private Task<Answer> PutAsync(string path, string body, string? caller = null) => host.SendAsync(HttpMethod.Put, path, body, caller: caller);

    [Fact]
    public async Task A_person_is_registered_then_changed_and_the_same_again_is_no_event()
    {
        await host.PostAsync("/ratings", """{"userId":"u1","movieId":"1","rating":4}"""); // facts may come before the registration
        var registered = await PutAsync("/users/u1", """{"gender":"F","age":35}""");
        var changed = await PutAsync("/users/u1", """{"gender":"F","age":36,"occupation":"7","zipCode":"02460"}""");
        var same = await PutAsync("/users/u1", """{"zipCode":"02460","gender":"F","age":36,"occupation":"7"}""");

        (registered.Status, changed.Status, same.Status).ShouldBe((201, 200, 200));
        same.Json.GetProperty("changed").GetBoolean().ShouldBeFalse();
        same.Json.TryGetProperty("sequence", out _).ShouldBeFalse();
        same.Headers["X-Recs-Stream-Version"].ShouldBe("3");
        (await host.CountAsync("stream_id = 'user-u1' and type = 'user_registered' and data->>'Age' = '35'")).ShouldBe(1);
        (await host.CountAsync("stream_id = 'user-u1' and type = 'user_changed' and data->>'ZipCode' = '02460'")).ShouldBe(1);
    }

    [Fact]
    public async Task A_person_is_described_by_itself_or_by_a_service()
    {
        (await PutAsync("/users/u2", "{}", "u2 user")).Status.ShouldBe(201);
        (await PutAsync("/users/u2", """{"age":3}""", "u3 user")).Status.ShouldBe(403);
        (await PutAsync("/users/u2", """{"age":3}""", "")).Status.ShouldBe(401);
    }

    [Fact]
    public async Task Concurrent_descriptions_of_one_person_are_all_stored_and_registered_once()
    {
        var answers = await Task.WhenAll(Enumerable.Range(0, 8).Select(age => PutAsync("/users/u4", $$"""{"age":{{age}}}""")));

        answers.Count(a => a.Status == 201).ShouldBe(1);
        answers.Count(a => a.Status == 200).ShouldBe(7);
        (await host.CountAsync("stream_id = 'user-u4' and type = 'user_registered'")).ShouldBe(1);
        (await host.CountAsync("stream_id = 'user-u4' and type = 'user_changed'")).ShouldBe(7);
    }

    [Theory]
    [InlineData("""{"age":121}""", "age")]
    [InlineData("""{"age":"old"}""", "age")]
    [InlineData("""{"gender":""}""", "gender")]
    [InlineData("""{"occupation":"a\u0000b"}""", "occupation")]
    [InlineData("""{"zipcode":"1","expectedVersion":-1}""", "expectedVersion")]
    [InlineData("""{"name":"anybody"}""", "name")]
    public async Task A_bad_description_of_a_person_names_the_field(string body, string field)
    {
        var answer = await PutAsync("/users/u5", body);
        answer.Status.ShouldBe(422, answer.Text);
        answer.Json.GetProperty("errors").TryGetProperty(field, out _).ShouldBeTrue(answer.Text);
        (await PutAsync("/users/not%20an%20id", "{}")).Status.ShouldBe(422);
    }

    [Fact]
    public async Task A_movie_is_added_once_and_then_changed()
    {
        const string Body = """{"movieId":"heat+1995","title":"Heat","year":1995,"genres":["Action","Crime"],"adult":false,"runtimeMinutes":170,"languages":["en"]}""";
        (await host.PostAsync("/movies", Body)).Status.ShouldBe(201);
        (await host.PostAsync("/movies", Body)).Status.ShouldBe(409);
        var same = await PutAsync("/movies", Body);
        (same.Status, same.Json.GetProperty("changed").GetBoolean()).ShouldBe((200, false));
        (await PutAsync("/movies", Body.Replace("170", "171").Replace("}", ",\"expectedVersion\":9}"))).Status.ShouldBe(409);
        (await PutAsync("/movies", Body.Replace("170", "171").Replace("}", ",\"expectedVersion\":1}"))).Status.ShouldBe(200);
        (await PutAsync("/movies", """{"movieId":"new+2000","title":"New"}""")).Status.ShouldBe(201);
        (await host.CountAsync("stream_id = 'movie-heat+1995' and type = 'movie_added' and data->>'RuntimeMinutes' = '170'")).ShouldBe(1);
        (await host.CountAsync("stream_id = 'movie-heat+1995' and type = 'movie_changed' and data->>'RuntimeMinutes' = '171'")).ShouldBe(1);
        (await host.PostAsync("/ratings", """{"userId":"u6","movieId":"heat+1995","rating":5}""")).Status.ShouldBe(201);
    }

    [Fact]
    public async Task Of_concurrent_additions_of_one_movie_one_wins()
        => (await Task.WhenAll(Enumerable.Range(0, 8).Select(n => host.PostAsync("/movies", $$"""{"movieId":"raced","title":"Version {{n}}"}"""))))
            .Select(a => a.Status).Order().ShouldBe([201, 409, 409, 409, 409, 409, 409, 409]);

    [Fact]
    public async Task The_catalogue_is_written_by_services_and_admins_only()
    {
        const string Body = """{"movieId":"mine","title":"Mine"}""";
        (await host.PostAsync("/movies", Body, caller: "u user")).Status.ShouldBe(403);
        (await PutAsync("/movies", Body, "u user")).Status.ShouldBe(403);
        (await PutAsync("/movies", Body, "root admin")).Status.ShouldBe(201);
    }

    [Theory]
    [InlineData("""{"movieId":"m","title":"T","year":1492}""", "year")]
    [InlineData("""{"movieId":"m","title":" "}""", "title")]
    [InlineData("""{"movieId":"m"}""", "title")]
    [InlineData("""{"title":"T"}""", "movieId")]
    [InlineData("""{"movieId":"m","title":"T","genres":["Drama","drama"]}""", "genres")]
    [InlineData("""{"movieId":"m","title":"T","genres":[null]}""", "genres")]
    [InlineData("""{"movieId":"m","title":"T","genres":[1]}""", "genres[0]")]
    [InlineData("""{"movieId":"m","title":"T","languages":["english"]}""", "languages")]
    [InlineData("""{"movieId":"m","title":"T","runtimeMinutes":0}""", "runtimeMinutes")]
    [InlineData("""{"movieId":"m","title":"T","adult":"no"}""", "adult")]
    [InlineData("""{"movieId":"m","title":"T","inferred":true}""", "inferred")]
    public async Task A_bad_description_of_a_movie_names_the_field(string body, string field)
    {
        foreach (var method in new[] { HttpMethod.Post, HttpMethod.Put })
        {
            var answer = await host.SendAsync(method, "/movies", body);
            answer.Status.ShouldBe(422, answer.Text);
            answer.Json.GetProperty("errors").TryGetProperty(field, out _).ShouldBeTrue(answer.Text);
        }
    }
}
