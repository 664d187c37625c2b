import DSXCore
import Pipelines
import Testing

@Suite struct ChannelTests {
  @Test func elementsComeInOrderAndCloseEnds() {
    let channel = Channel<Int>(capacity: 100)
    for number in 0..<70 { channel.send(number) }
    channel.close()
    #expect(!channel.send(99))
    var received: [Int] = []
    while let number = channel.receive() { received.append(number) }
    #expect(received == Array(0..<70))
  }
}
