/// Looks at documents one by one for one worker. Its memory is constant but for the longest document.
public struct QualityScan {
  private let stage: QualityStage

  init(_ stage: QualityStage) { self.stage = stage }

  /// The verdicts and hashes of one document; `text` is valid UTF-8 after cleaning.
  public mutating func note(_ text: UnsafeRawBufferPointer) -> DocumentNote {
    DocumentNote()
  }
}
