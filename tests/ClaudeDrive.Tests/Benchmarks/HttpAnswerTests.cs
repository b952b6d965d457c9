using System.Text;
using ClaudeDrive.LoadGenerator.Network;
using Xunit;

namespace ClaudeDrive.Tests.Benchmarks;

public sealed class HttpAnswerTests
{
    [Theory]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 0\r\nDate: x\r\n\r\n", 200)]
    [InlineData("HTTP/1.1 503 Service Unavailable\r\ncontent-length:5\r\n\r\nabcde", 503)]
    [InlineData("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nabcde\r\n1A\r\nabcdefghijklmnopqrstuvwxyz\r\n0\r\n\r\n", 200)]
    [InlineData("HTTP/1.1 204 No Content\r\nDate: x\r\n\r\n", 204)]
    public void Read_CutAnywhere_IsCompleteOnlyAtItsEnd(string text, int status)
    {
        var bytes = Encoding.ASCII.GetBytes(text);
        for (var length = 0; length < bytes.Length; length++)
        {
            Assert.Equal(0, HttpAnswer.Read(bytes.AsSpan(0, length)).Length);
        }

        Assert.Equal((status, bytes.Length), HttpAnswer.Read(bytes));
        Assert.Equal((status, bytes.Length), HttpAnswer.Read([.. bytes, .. "HTTP/1.1 "u8]));
    }

    [Theory]
    [InlineData("HTTP/1.0 200 OK\r\nContent-Length: 0\r\n\r\n")]
    [InlineData("HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n")]
    [InlineData("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nxyz\r\n")]
    public void Read_NoAnswerOfHttp11_Throws(string text) =>
        Assert.Throws<InvalidDataException>(() => HttpAnswer.Read(Encoding.ASCII.GetBytes(text)));
}
