internal import DSXCore
internal import Kernels

/// Turns rows of a batch into raw and blob records, refusing what MindRecord cannot hold.
///
/// | raw record | 8 bytes little-endian n | n bytes MessagePack map of the scalars, keys sorted |
/// |---|---|---|
/// | blob record | 8 bytes little-endian n | n bytes: the one payload; or for each blob field an 8-byte BIG-endian length and its payload; or 4 zero bytes when there is none |
///
/// Payloads: bytes as they are; floats little-endian in C order; integers packed: 4 bytes BIG-endian
/// count, then the body that Kernels/packed_ints.h draws.
struct RowEncoder {
  let plan: RecordPlan
  /// The raw records' keys, encoded.
  private let keys: [[UInt8]]
  private let isIndexed: [Bool]
  private var converted: [Int32] = []
  private var widened: [Int64] = []
  private var doubles: [Double] = []
  /// No record may be longer, prefix included.
  var recordLimit = ShardHeader.pageSizes.upperBound
  /// The longer record of the row encoded last, prefix included.
  private(set) var lastRecord = 0

  init(plan: RecordPlan) {
    self.plan = plan
    keys = plan.fields.map { field in
      var store = ByteStore(capacity: 64)
      var name = field.name
      name.withUTF8 { MessagePackWriter.string(UnsafeRawBufferPointer($0), into: &store) }
      return Array(store.bytes)
    }
    isIndexed = plan.fields.indices.map(plan.index.contains)
  }

  /// Appends row `row` of the sources (one a field, in plan order); `number` is its number for messages.
  /// On an error nothing of the row is kept.
  mutating func encode(
    _ sources: [ColumnSource], row: Int, number: Int, into out: inout EncodedRows
  ) throws(DSXError) {
    let blobStart = out.blob.count
    let rawStart = out.raw.count
    let savedBefore = out.saved
    do throws(DSXError) {
      try encodeRaw(sources, row, number, into: &out.raw)
      try encodeBlob(sources, row, number, into: &out)
      try close(&out.raw, from: rawStart, "raw", number)
      try close(&out.blob, from: blobStart, "blob", number)
      out.rows += 1
      lastRecord = max(out.blob.count - blobStart, out.raw.count - rawStart)
    } catch {
      out.blob.truncate(to: blobStart)
      out.raw.truncate(to: rawStart)
      out.saved = savedBefore
      throw error
    }
  }

  /// Fills in the length of the record that starts at `start`.
  private func close(_ store: inout ByteStore, from start: Int, _ what: String, _ number: Int)
    throws(DSXError)
  {
    let length = store.count - start
    guard length <= recordLimit else {
      throw DSXError(
        .malformed,
        "the \(what) part of the row takes \(length) bytes, but a page holds only "
          + "\(recordLimit)", row: number,
        hint:
          "choose a larger page size (at most \(ShardHeader.pageSizes.upperBound)) or shorter rows")
    }
    store.patch(UInt64(length - 8).littleEndian, at: start)
  }

  private func fault(_ field: Field, _ number: Int, _ message: String, _ hint: String? = nil)
    -> DSXError
  {
    DSXError(.malformed, "the field '\(field.name)' \(message)", row: number, hint: hint)
  }
}

extension RowEncoder {
  private func encodeRaw(
    _ sources: [ColumnSource], _ row: Int, _ number: Int, into out: inout ByteStore
  ) throws(DSXError) {
    out.append(raw: UInt64(0))
    guard !plan.raw.isEmpty else {
      // The dummy map {"id": 0}, which MindSpore writes when every field is a blob.
      out.append(0x81)
      out.append(0xa2)
      out.append(UInt8(ascii: "i"))
      out.append(UInt8(ascii: "d"))
      out.append(0x00)
      return
    }
    MessagePackWriter.map(plan.raw.count, into: &out)
    for fieldNumber in plan.raw {
      let field = plan.fields[fieldNumber]
      keys[fieldNumber].withUnsafeBytes { out.append($0) }
      let range = sources[fieldNumber].range(row)
      switch sources[fieldNumber].elements {
      case .int32(let values):
        MessagePackWriter.integer(Int64(values[range.lowerBound]), into: &out)
      case .int64(let values):
        let value = values[range.lowerBound]
        if field.type == .int32, Int32(exactly: value) == nil {
          throw fault(field, number, "is int32, but the value is \(value)", "declare it int64")
        }
        MessagePackWriter.integer(value, into: &out)
      case .float32(let values):
        try write(Double(values[range.lowerBound]), fieldNumber, number, into: &out)
      case .float64(let values):
        try write(values[range.lowerBound], fieldNumber, number, into: &out)
      case .bytes(let values):
        let text = UnsafeRawBufferPointer(UnsafeBufferPointer(rebasing: values[range]))
        if let bad = UTF8Validation.firstInvalid(text) {
          throw fault(
            field, number, "holds text that is not valid UTF-8 (at its byte \(bad))",
            "declare it bytes")
        }
        MessagePackWriter.string(text, into: &out)
      }
    }
  }

  private func write(_ value: Double, _ fieldNumber: Int, _ number: Int, into out: inout ByteStore)
    throws(DSXError)
  {
    guard value.isFinite || !isIndexed[fieldNumber] else {
      throw fault(
        plan.fields[fieldNumber], number, "is indexed, but the value is \(value)",
        "leave it out of the index fields, or replace NaN and infinity")
    }
    MessagePackWriter.double(value, into: &out)
  }

  private mutating func encodeBlob(
    _ sources: [ColumnSource], _ row: Int, _ number: Int, into out: inout EncodedRows
  ) throws(DSXError) {
    out.blob.append(raw: UInt64(0))
    switch plan.blob.count {
    case 0: out.blob.append(raw: UInt32(0))
    case 1: try payload(sources, plan.blob[0], row, number, isOnly: true, into: &out)
    default:
      for fieldNumber in plan.blob {
        let start = out.blob.count
        out.blob.append(raw: UInt64(0))
        try payload(sources, fieldNumber, row, number, isOnly: false, into: &out)
        out.blob.patch(UInt64(out.blob.count - start - 8).bigEndian, at: start)
      }
    }
  }

  private mutating func payload(
    _ sources: [ColumnSource], _ fieldNumber: Int, _ row: Int, _ number: Int, isOnly: Bool,
    into out: inout EncodedRows
  ) throws(DSXError) {
    let field = plan.fields[fieldNumber]
    let range = sources[fieldNumber].range(row)
    guard !(range.isEmpty && isOnly) else {
      throw fault(
        field, number, "is empty and the only bytes or array field",
        "MindSpore loses such rows without a word: drop the row, or add a second such field")
    }
    if field.shape != nil { try checkShape(field, range.count, number) }
    // Far below any overflow: whatever is longer than a page is refused before it is encoded.
    guard range.count <= recordLimit else {
      throw fault(field, number, "has \(range.count) elements, more than a page holds")
    }
    switch (sources[fieldNumber].elements, field.type) {
    case (.int32(let values), .int32):
      Self.pack(UnsafeBufferPointer(rebasing: values[range]), into: &out)
    case (.int64(let values), .int64):
      Self.pack(UnsafeBufferPointer(rebasing: values[range]), into: &out)
    case (.int64(let values), _):
      converted.removeAll(keepingCapacity: true)
      for (position, value) in values[range].enumerated() {
        guard let small = Int32(exactly: value) else {
          throw fault(
            field, number, "is int32, but element \(position) is \(value)", "declare it int64")
        }
        converted.append(small)
      }
      converted.withUnsafeBufferPointer { Self.pack($0, into: &out) }
    case (.int32(let values), _):
      widened.removeAll(keepingCapacity: true)
      widened.append(contentsOf: values[range].lazy.map(Int64.init))
      widened.withUnsafeBufferPointer { Self.pack($0, into: &out) }
    case (.float32(let values), .float64):
      doubles.removeAll(keepingCapacity: true)
      doubles.append(contentsOf: values[range].lazy.map(Double.init))
      doubles.withUnsafeBytes { out.blob.append($0) }
    case (.float32(let values), _):
      out.blob.append(UnsafeRawBufferPointer(UnsafeBufferPointer(rebasing: values[range])))
    case (.float64(let values), _):
      out.blob.append(UnsafeRawBufferPointer(UnsafeBufferPointer(rebasing: values[range])))
    case (.bytes(let values), _):
      out.blob.append(UnsafeRawBufferPointer(UnsafeBufferPointer(rebasing: values[range])))
    }
  }

  private func checkShape(_ field: Field, _ count: Int, _ number: Int) throws(DSXError) {
    guard let step = field.elementsPerStep, field.isOpen ? count % step == 0 : count == step else {
      throw fault(field, number, "is \(field.typeText), but the row has \(count) elements")
    }
  }

  @inline(__always)
  private static func pack(_ values: UnsafeBufferPointer<Int32>, into out: inout EncodedRows) {
    out.blob.append(raw: UInt32(truncatingIfNeeded: values.count).bigEndian)
    let target = out.blob.room(values.count / 4 + 1 + values.count * 4 + 16)
    let written = values.baseAddress.map { dsx_pack_i32($0, values.count, target) } ?? 0
    out.blob.advance(written)
    out.saved += values.count * 4 - written - 4
  }

  private static func pack(_ values: UnsafeBufferPointer<Int64>, into out: inout EncodedRows) {
    out.blob.append(raw: UInt32(truncatingIfNeeded: values.count).bigEndian)
    let target = out.blob.room(values.count / 4 + 1 + values.count * 8 + 16)
    let written = values.baseAddress.map { dsx_pack_i64($0, values.count, target) } ?? 0
    out.blob.advance(written)
    out.saved += values.count * 8 - written - 4
  }
}
