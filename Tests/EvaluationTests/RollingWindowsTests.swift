import DSXCore
import Evaluation
import Testing

@Suite struct RollingWindowsTests {
  @Test func everyTokenIsPredictedOnceForAnyLengthAndStride() throws {
    var generator = PCG64(seed: 7)
    for _ in 0..<2000 {
      let context = Int(generator.bounded(40)) + 1
      let stride = Int(generator.bounded(UInt32(context))) + 1
      let count = Int(generator.bounded(200))
      let windows = try RollingWindows(count: count, context: context, stride: stride).windows
      var next = 1
      for window in windows {
        #expect(window.targets.lowerBound == next)
        #expect(window.ids.upperBound == window.targets.upperBound)
        #expect(window.ids.count <= context + 1 && window.ids.count >= 2)
        // Every predicted id has the id before it as input.
        #expect(window.ids.lowerBound < window.targets.lowerBound)
        // As much context as fits.
        #expect(window.ids.lowerBound == 0 || window.ids.count == context + 1)
        next = window.targets.upperBound
      }
      #expect(next == max(1, count))
    }
  }

  @Test func windowsAreThoseOfLmEval() throws {
    // get_rolling_token_windows(range(10), prefix, max_seq_len=4, context_len=1): id i of the text is
    // id i + 1 here; the last window is filled up to the left.
    let windows = try RollingWindows(count: 11, context: 4, stride: 4).windows
    #expect(windows.map(\.ids) == [0..<5, 4..<9, 6..<11])
    #expect(windows.map(\.targets) == [1..<5, 5..<9, 9..<11])
    // max_seq_len=4, context_len=3: predicts 4, then 2 at a time.
    let strided = try RollingWindows(count: 11, context: 4, stride: 2).windows
    #expect(strided.map(\.targets) == [1..<5, 5..<7, 7..<9, 9..<11])
    #expect(strided.map(\.ids) == [0..<5, 2..<7, 4..<9, 6..<11])
  }

  @Test func wrongStridesAreRefused() {
    for stride in [0, -1, 5] {
      #expect(throws: DSXError.self) { try RollingWindows(count: 9, context: 4, stride: stride) }
    }
  }
}
