using ClaudeDrive.Contexts.Search;
using Xunit;

namespace ClaudeDrive.Tests.Contexts.Search;

public sealed class SearchWordsTests
{
    [Theory]
    [InlineData("", "")]
    [InlineData("  ", "")]
    [InlineData("Refund order_7, now!", "refund|order|7|now")]
    [InlineData("it's 100%", "it|s|100")]
    [InlineData("Größe", "größe")]
    [InlineData("u\u0308ber", "u\u0308ber")]
    [InlineData("日本語 text", "日|本|語|text")]
    [InlineData("a日b", "a|日|b")]
    [InlineData("😀 smile", "smile")]
    [InlineData("x\u0000y", "x|y")]
    [InlineData("'\"\\*()&|!:<>", "")]
    public void Of_Text_GivesItsWords(string text, string words) => Assert.Equal(words, string.Join('|', SearchWords.Of([text])));

    [Fact]
    public void Of_LongWord_IsCut() => Assert.Equal(SearchWords.MaxLength, Assert.Single(SearchWords.Of([new string('a', 1000)])).Length);

    [Fact]
    public void Of_TooManyWords_Ends()
    {
        var words = SearchWords.Of([string.Join(' ', Enumerable.Range(0, SearchWords.MaxWords + 10))]);
        Assert.Equal(SearchWords.MaxWords, words.Count);
        var characters = SearchWords.Of([string.Join(' ', Enumerable.Range(0, 10_000).Select(static i => $"{i:D60}"))]).Sum(static word => word.Length);
        Assert.InRange(characters, SearchWords.MaxCharacters, SearchWords.MaxCharacters + SearchWords.MaxLength);
    }

    [Theory]
    [InlineData("alpha", "alpha")]
    [InlineData("Alpha* beta", "alpha*|beta")]
    [InlineData("alpha *", "alpha")]
    [InlineData("alpha alpha", "alpha")]
    [InlineData("order_7*", "order|7*")]
    [InlineData("\"a OR b\"", "a|or|b")]
    public void Parse_Text_GivesItsTerms(string text, string terms) =>
        Assert.Equal(terms, string.Join('|', SearchQuery.Parse(text)!.Terms.Select(static term => term.Word + (term.IsPrefix ? "*" : ""))));

    [Theory]
    [InlineData("")]
    [InlineData("*")]
    [InlineData("\"'!&")]
    [InlineData("1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17")]
    public void Parse_NoWordOrTooMany_IsNoQuery(string text) => Assert.Null(SearchQuery.Parse(text));

    [Fact]
    public void Cut_Positions_NameTheWord()
    {
        const string text = "one, Two 日";
        Assert.Equal(["one", "Two", "日"], SearchWords.Cut(text).Select(word => text[word.Start..word.End]));
    }
}
