using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using ClaudeDrive.Contexts;
using ClaudeDrive.Tests.Fakes;
using CsCheck;
using Xunit;

namespace ClaudeDrive.Tests.Contexts;

public sealed class JsonDiffTests
{
    private static readonly Gen<JsonNode?> Leaf = Gen.OneOf(
        Gen.Const(static () => (JsonNode?)null),
        Gen.Int[0, 3].Select(static value => (JsonNode?)JsonValue.Create(value)),
        Gen.OneOf([.. new[] { "", "a", "b", "~1", "a/b", "é" }.Select(static text => Gen.Const(text))]).Select(static value => (JsonNode?)JsonValue.Create(value)),
        Gen.Bool.Select(static value => (JsonNode?)JsonValue.Create(value)));

    private static readonly Gen<JsonNode?> Document = Node(4);

    [Theory]
    [InlineData("{}", "{}", "[]")]
    [InlineData("""{"a":1}""", """{"a":1.0}""", "[]")]
    [InlineData("""{"a":1,"b":2}""", """{"b":2,"a":1}""", "[]")]
    [InlineData("""{"a":1}""", """{"a":2}""", """[{"op":"replace","path":"/a","value":2}]""")]
    [InlineData("""{"a":1}""", """{"a":null}""", """[{"op":"replace","path":"/a","value":null}]""")]
    [InlineData("""{"a":null}""", "{}", """[{"op":"remove","path":"/a"}]""")]
    [InlineData("{}", """{"":{"/~":[]}}""", """[{"op":"add","path":"/","value":{"/~":[]}}]""")]
    [InlineData("""{"x/y":{"~":1}}""", """{"x/y":{"~":2}}""", """[{"op":"replace","path":"/x~1y/~0","value":2}]""")]
    [InlineData("[1,2,3]", "[1,3]", """[{"op":"remove","path":"/1"}]""")]
    [InlineData("[1,3]", "[1,2,3]", """[{"op":"add","path":"/1","value":2}]""")]
    [InlineData("[1,2]", "{}", """[{"op":"replace","path":"","value":{}}]""")]
    public void Create_TwoDocuments_IsTheShortPatch(string before, string after, string expected) =>
        Assert.Equal(expected, JsonDiff.Create(Encoding.UTF8.GetBytes(before), Encoding.UTF8.GetBytes(after)));

    [Fact]
    public void Create_AnyDocuments_PatchLeadsFromOneToTheOther() => Gen.Select(Document, Document).Sample(
        static (before, after) =>
        {
            byte[] first = Bytes(before), second = Bytes(after);
            var patched = JsonPatch.Apply(first, JsonDiff.Create(first, second));
            return JsonNode.DeepEquals(patched, JsonNode.Parse(second));
        },
        iter: 5_000);

    [Fact]
    public void Create_EqualDocuments_IsEmpty() =>
        Document.Sample(static document => JsonDiff.Create(Bytes(document), Bytes(document)) == "[]", iter: 500);

    [Fact]
    public void Create_DeepDocuments_Works()
    {
        var before = Encoding.UTF8.GetBytes(new string('[', 250) + new string(']', 250));
        var after = Encoding.UTF8.GetBytes(new string('[', 250) + "1" + new string(']', 250));
        Assert.True(JsonNode.DeepEquals(
            JsonPatch.Apply(before, JsonDiff.Create(before, after)),
            JsonNode.Parse(after, documentOptions: new JsonDocumentOptions { MaxDepth = 1000 })));
    }

    private static Gen<JsonNode?> Node(int depth) => depth == 0 ? Leaf : Gen.OneOf(
        Leaf,
        Node(depth - 1).Array[0, 5].Select(static items => (JsonNode?)new JsonArray([.. items.Select(static item => item?.DeepClone())])),
        Gen.Select(Gen.OneOf([.. new[] { "a", "b", "c/d", "~", "" }.Select(static text => Gen.Const(text))]), Node(depth - 1)).Array[0, 5].Select(static items =>
        {
            var node = new JsonObject();
            foreach (var (name, value) in items)
            {
                node[name] = value?.DeepClone();
            }

            return (JsonNode?)node;
        }));

    private static byte[] Bytes(JsonNode? node) => JsonSerializer.SerializeToUtf8Bytes(node);
}
