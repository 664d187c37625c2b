public import DSXCore
public import Text

/// The text of ids that come one after the other, up to the first stop string; special tokens have none,
/// but one whose spelling is a stop string stops.
public struct GeneratedText {
  private let tokenizer: any Tokenizer
  private let stops: [String]
  private let stopIDs: [Int32]
  private var decoder: IncrementalText
  private var stop: StopText
  private var ids: [Int32] = []
  private var isAtStopID = false

  /// No text yet.
  public init(_ tokenizer: any Tokenizer, stops: [String]) {
    self.tokenizer = tokenizer
    self.stops = stops.filter { !$0.isEmpty }
    stopIDs = tokenizer.specialIDs(spelled: self.stops)
    decoder = IncrementalText(tokenizer)
    stop = StopText(self.stops)
  }

  /// Appends an id; whether it stops the text.
  public mutating func append(_ id: Int32) throws(DSXError) -> Bool {
    if stopIDs.contains(id) {
      isAtStopID = true
      return true
    }
    ids.append(id)
    stop.append(try decoder.append(id))
    return stop.isStopped
  }

  /// The end: whether a stop string is in the text. That is then what the tokenizer decodes from all ids at
  /// once: where bytes that are no text lie beside others, later ones may change what is before them.
  public mutating func finish() throws(DSXError) -> Bool {
    if !stop.isStopped { stop.append(try decoder.finish()) }
    let known = ids.filter { tokenizer.piece(of: $0) != nil }
    var whole = StopText(stops)
    whole.append(Array(try tokenizer.decode(known, skipSpecialTokens: true).utf8))
    if whole.isStopped || !stop.isStopped { stop = whole }
    return stop.isStopped || isAtStopID
  }

  /// The text before the stop string.
  public var text: String { String(decoding: stop.text, as: UTF8.self) }
}
