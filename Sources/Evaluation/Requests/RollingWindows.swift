public import DSXCore

/// Cuts a document into windows so that every token is predicted exactly once, as lm-eval's rolling
/// windows do (`get_rolling_token_windows` and `make_disjoint_window`, lm-eval 0.4.13).
///
/// Ids are numbered in the sequence that the model sees: with bos, bos is id 0 and the text follows;
/// without, the text's first id is id 0 and is not predicted. The first window predicts the first
/// `context` ids after id 0; each later one predicts the next `stride` ids, and sees as many ids to
/// their left as the model's context allows. With `stride` = `context` that is one id for a full
/// window (the last id of the window before), and more for a shorter last window.
public struct RollingWindows: Sendable {
  /// One window: `input` ids are what the model gets (all but the last as input); the ids in
  /// `targets` are those that it predicts here.
  public struct Window: Sendable, Equatable {
    /// The ids handed to the model: at most context + 1.
    public var ids: Range<Int>
    /// The ids among them that count; they end where `ids` ends.
    public var targets: Range<Int>
  }

  /// The windows in order.
  public let windows: [Window]

  /// The windows over `count` ids. `context` and `stride` are at least 1, `stride` at most `context`.
  public init(count: Int, context: Int, stride: Int) throws(DSXError) {
    guard context >= 1, stride >= 1, stride <= context else {
      throw DSXError(
        .usage, "a stride of \(stride) does not fit a context of \(context)",
        hint: "give --stride a number from 1 to \(context)")
    }
    var windows: [Window] = []
    var next = 1
    while next < count {
      let length = min(count - next, windows.isEmpty ? context : stride)
      let end = next + length
      windows.append(Window(ids: max(0, end - context - 1)..<end, targets: next..<end))
      next = end
    }
    self.windows = windows
  }
}
