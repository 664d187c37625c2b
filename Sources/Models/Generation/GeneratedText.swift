public import DSXCore
public import Text

/// The text of ids that come one after the other, up to the first stop string; special tokens have none.
public struct GeneratedText {
  private var decoder: IncrementalText
  private var stop: StopText

  /// No text yet.
  public init(_ tokenizer: any Tokenizer, stops: [String]) {
    decoder = IncrementalText(tokenizer)
    stop = StopText(stops.filter { !$0.isEmpty })
  }

  /// Appends an id; whether a stop string is complete.
  public mutating func append(_ id: Int32) throws(DSXError) -> Bool {
    stop.append(try decoder.append(id))
    return stop.isStopped
  }

  /// Appends what waited for further ids; whether a stop string is complete.
  public mutating func finish() throws(DSXError) -> Bool {
    if !stop.isStopped { stop.append(try decoder.finish()) }
    return stop.isStopped
  }

  /// The text before the stop string.
  public var text: String { String(decoding: stop.text, as: UTF8.self) }
}
