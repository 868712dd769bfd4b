using Shouldly;
using Xunit;

namespace Recs.Contracts.Tests;

public class EntityIdTests
{
    [Theory]
    [InlineData("42")]
    [InlineData("the+matrix+1999")]
    [InlineData("a-b_c.d%20e'f~g:h@i")]
    public void An_id_is_text_of_the_allowed_characters(string id) => EntityId.IsValid(id).ShouldBeTrue();

    [Theory]
    [InlineData("")]
    [InlineData("bad id with spaces")]
    [InlineData("illegal!id")]
    [InlineData("quote\"")]
    [InlineData("back\\slash")]
    [InlineData("new\nline")]
    [InlineData("a/b")]
    public void Anything_else_is_no_id(string id) => EntityId.IsValid(id).ShouldBeFalse();

    [Fact]
    public void An_id_has_at_most_200_characters()
    {
        EntityId.IsValid(new string('a', 200)).ShouldBeTrue();
        EntityId.IsValid(new string('a', 201)).ShouldBeFalse();
    }
}
