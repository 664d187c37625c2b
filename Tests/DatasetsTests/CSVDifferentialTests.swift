import Archives
import CCSV
import DSXCore
import Datasets
import Foundation
import Testing

/// Random documents against libcsv: the same rows, and the same decision about quotes.
@Suite struct CSVDifferentialTests {
  /// libcsv's rows without blank lines; nil when it stops at a quote. Like dsx it keeps blanks.
  final class Reference {
    var rows: [[[UInt8]]] = []
    private var row: [[UInt8]] = []

    static func rows(_ bytes: [UInt8], strict: Bool) -> [[[UInt8]]]? {
      var parser = csv_parser()
      let options = strict ? UInt8(CSV_STRICT | CSV_STRICT_FINI) : 0
      guard csv_init(&parser, options) == 0 else { return nil }
      defer { csv_free(&parser) }
      csv_set_space_func(&parser) { _ in 0 }
      let reference = Reference()
      let context = Unmanaged.passUnretained(reference).toOpaque()
      let used = csv_parse(&parser, bytes, bytes.count, onField, onRow, context)
      guard used == bytes.count, csv_fini(&parser, onField, onRow, context) == 0 else {
        return nil
      }
      return withExtendedLifetime(reference) { reference.rows }
    }

    private static let onField:
      @convention(c) (UnsafeMutableRawPointer?, Int, UnsafeMutableRawPointer?) -> Void = {
        text, count, context in
        guard let context else { return }
        let reference = Unmanaged<Reference>.fromOpaque(context).takeUnretainedValue()
        reference.row.append(Array(UnsafeRawBufferPointer(start: text, count: count)))
      }

    private static let onRow: @convention(c) (Int32, UnsafeMutableRawPointer?) -> Void = {
      _, context in
      guard let context else { return }
      let reference = Unmanaged<Reference>.fromOpaque(context).takeUnretainedValue()
      reference.rows.append(reference.row)
      reference.row = []
    }
  }

  static let count = max(
    40, (ProcessInfo.processInfo.environment["DSX_PROPERTY_CASES"].flatMap { Int($0) } ?? 0) / 10)

  static func document(_ random: inout PCG64) -> [UInt8] {
    let plain = ["", "a", "12", " x ", "数据", "-0.5", "007", "\t", "😀"]
    let quoted = [",", "\n", "\r\n", "\"\"", "x", "", "数", "\r"]
    let ends = ["\n", "\r\n", "\r"]
    let width = Int(random.bounded(4)) + 1
    var text = ""
    for _ in 0...random.bounded(5) {
      let fields = (0..<width).map { _ -> String in
        guard random.bounded(5) < 2 else { return plain[Int(random.bounded(9))] }
        let inside = (0..<random.bounded(4)).map { _ in quoted[Int(random.bounded(8))] }
        return "\"" + inside.joined() + "\""
      }
      text += fields.joined(separator: ",") + ends[Int(random.bounded(3))]
      if random.bounded(12) == 0 { text += ends[Int(random.bounded(3))] }
    }
    var bytes = Array(text.utf8)
    if random.bounded(3) == 0 { bytes.removeLast() }
    if random.bounded(6) == 0, !bytes.isEmpty {
      bytes[Int(random.bounded(UInt32(bytes.count)))] =
        Array("\",\nx\r".utf8)[Int(random.bounded(5))]
    }
    return bytes
  }

  private func read(_ bytes: [UInt8], lenient: Bool) throws -> [[[UInt8]]] {
    let open: @Sendable () throws(DSXError) -> any ByteSource = {
      DripSource("a.csv", bytes, step: 50)
    }
    var options = TableOptions()
    options.header = .none
    options.isLenient = lenient
    let names = try TableReader(
      name: "a.csv", options: options, schema: Schema([]), open: open
    ).header
    options.features = names.map { Field($0, .string) }
    options.batchRows = 2
    var cursor = try TableReader(name: "a.csv", options: options, open: open).cursor()
    var rows: [[[UInt8]]] = []
    while let batch = try cursor.next() {
      for row in 0..<batch.rows {
        rows.append(batch.columns.map { Array(($0.string(row) ?? "").utf8) })
      }
    }
    return rows
  }

  @Test(arguments: [true, false]) func rowsAreThoseOfLibcsv(_ strict: Bool) throws {
    var random = PCG64(seed: strict ? 30 : 31)
    var compared = 0
    for _ in 0..<Self.count {
      let bytes = Self.document(&random)
      let expected = Reference.rows(bytes, strict: strict)
      let isUTF8 = bytes.withUnsafeBytes { UTF8Validation.firstInvalid($0) } == nil
      let isEven = Set((expected ?? []).map(\.count)).count < 2
      let shown = String(decoding: bytes, as: UTF8.self).debugDescription
      guard let expected, isUTF8, isEven else {
        // Widths and UTF-8 are no concern of libcsv's.
        #expect(throws: DSXError.self, "\(shown)") { try read(bytes, lenient: !strict) }
        continue
      }
      compared += 1
      let ours = try read(bytes, lenient: !strict)
      #expect(ours == expected, "\(shown)")
    }
    #expect(compared > Self.count / 3)
  }
}
