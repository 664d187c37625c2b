import DSXCore
import Foundation

@testable import Records

/// Random schemas and rows for property tests.
struct RandomSets {
  var random: PCG64

  init(seed: UInt64) { random = PCG64(seed: seed) }

  mutating func upTo(_ bound: Int) -> Int { Int(random.bounded(UInt32(bound))) }

  mutating func schema() -> Schema {
    let count = 1 + upTo(6)
    return Schema(
      (0..<count).map { number in
        let type = FieldType.allCases[upTo(6)]
        var shape: [Int]?
        if type != .string, type != .bytes, upTo(2) == 0 {
          shape = (0..<1 + upTo(3)).map { _ in 1 + upTo(4) }
          if upTo(2) == 0 { shape?[0] = -1 }
        }
        return Field("\(["z", "A", "m_", "k"][upTo(4)])\(number)", type, shape: shape)
      })
  }

  mutating func integer(_ wide: Bool) -> Int64 {
    let bits = UInt64(1 + upTo(wide ? 64 : 32))
    return Int64(truncatingIfNeeded: random.next()) >> Int64(64 - bits)
  }

  mutating func batch(_ schema: Schema, rows: Int) -> Batch {
    let blobs = schema.fields.count { $0.isBlob }
    let columns = schema.fields.map { field -> Column in
      var offsets = [0]
      for _ in 0..<rows {
        let last = offsets[offsets.count - 1]
        guard field.isBlob || field.type == .string else { continue }
        var count = upTo(40) == 0 ? 300 + upTo(2000) : upTo(12)
        if field.isBlob, blobs == 1 { count += 1 }
        if let step = field.elementsPerStep, field.shape != nil {
          count = field.isOpen ? max(1, count % 50) * step : step
        }
        offsets.append(last + count)
      }
      let isScalar = !field.isBlob && field.type != .string
      let total = isScalar ? rows : offsets[offsets.count - 1]
      let ends = isScalar ? nil : offsets
      switch field.type {
      case .int32:
        return Column(.int32((0..<total).map { _ in Int32(integer(false)) }), offsets: ends)
      case .int64: return Column(.int64((0..<total).map { _ in integer(true) }), offsets: ends)
      case .float32 where field.shape != nil:
        return Column(.float32((0..<total).map { _ in Float(random.unit()) }), offsets: ends)
      case .float32, .float64:
        return Column(
          .float64((0..<total).map { _ in upTo(9) == 0 ? -0.0 : random.unit() * 1e9 - 5e8 }),
          offsets: ends)
      case .string:
        return Column(.bytes((0..<total).map { _ in UInt8(32 + upTo(90)) }), offsets: ends)
      case .bytes: return Column(.bytes((0..<total).map { _ in UInt8(upTo(256)) }), offsets: ends)
      }
    }
    return Batch(schema: schema, columns: columns)
  }
}

extension Batch {
  /// Rows of a range as a batch of their own.
  func slice(_ range: Range<Int>) -> Batch {
    func cut(_ elements: Column.Elements, _ part: Range<Int>) -> Column.Elements {
      switch elements {
      case .int32(let values): .int32(Array(values[part]))
      case .int64(let values): .int64(Array(values[part]))
      case .float32(let values): .float32(Array(values[part]))
      case .float64(let values): .float64(Array(values[part]))
      case .bytes(let values): .bytes(Array(values[part]))
      }
    }
    return Batch(
      schema: schema,
      columns: columns.map { column in
        guard let offsets = column.offsets else { return Column(cut(column.elements, range)) }
        let part = offsets[range.lowerBound]..<offsets[range.upperBound]
        return Column(
          cut(column.elements, part),
          offsets: offsets[range.lowerBound...range.upperBound].map { $0 - part.lowerBound })
      })
  }

  /// The rows as JSON lines, fields sorted by name.
  func lines() throws -> [String] {
    let order = schema.fields.indices.sorted {
      schema.fields[$0].name.utf8.lexicographicallyPrecedes(schema.fields[$1].name.utf8)
    }
    let sorted = Batch(
      schema: Schema(order.map { schema.fields[$0] }), columns: order.map { columns[$0] })
    let writer = RowLines(sorted.schema)
    return try (0..<rows).map { row in
      var bytes: [UInt8] = []
      try writer.append(sorted, row: row, into: &bytes)
      return String(decoding: bytes, as: UTF8.self)
    }
  }
}

/// A folder of its own, removed with its owner.
final class TemporaryFolder {
  let folder: String

  init() throws {
    folder = NSTemporaryDirectory() + "dsx-records-" + UUID().uuidString
    try FilePath.makeFolder(folder)
  }

  deinit { try? FilePath.removeTree(folder) }

  func path(_ name: String) -> String { FilePath.join(folder, name) }
}
