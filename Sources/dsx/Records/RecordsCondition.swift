internal import ArgumentParser
internal import DSXCore
internal import Records

/// A condition on rows, optional.
struct RecordsCondition: ParsableArguments {
  @Option(
    name: .customLong("where"),
    help: "Only rows that fulfil this condition on index fields, e.g. \"label = 'a' AND n > 5\".")
  var text: String?
  @Flag(
    help: "Test every row of the pages instead of asking the index: any scalar field may be named.")
  var scan = false

  func check() throws {
    guard text != nil || !scan else { throw ValidationError("--scan needs --where") }
  }

  /// The query; nil without a condition.
  func query(_ reader: RecordReader) throws(DSXError) -> RecordQuery? {
    guard let text else { return nil }
    return try RecordQuery(reader, where: text, scan: scan)
  }
}
