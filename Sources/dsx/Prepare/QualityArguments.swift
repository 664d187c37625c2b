internal import ArgumentParser
internal import DSXCore
internal import Preparation

/// The options of `dsx prepare` that drop documents.
struct QualityArguments: ParsableArguments {
  /// The options' meaning. Throws `usage` for names and values that do not exist.
  func options() throws(DSXError) -> QualityOptions { QualityOptions() }
}
