internal import DSXCore
internal import Kernels

/// Decodes the payloads of one array field (layout: RowEncoder).
struct ArrayDecoder {
  let field: Field
  /// Version 3.0 packs integers; 2.0 stores them plainly.
  let isPacked: Bool

  init(_ field: Field, version: String) {
    self.field = field
    isPacked = version == "3.0" && !field.type.isFloat
  }

  /// The element count of a payload, checked against its size and the field's shape; nil when wrong.
  @inline(__always)
  func count(_ payload: UnsafeRawBufferPointer) -> Int? {
    let count: Int
    if isPacked {
      guard payload.count >= 4 else { return nil }
      count = Int(UInt32(bigEndian: payload.loadUnaligned(as: UInt32.self)))
      // Every element takes at least a byte and a quarter, so the payload bounds the count.
      guard count <= payload.count - 4, 4 + (count + 3) / 4 + count <= payload.count else {
        return nil
      }
    } else {
      guard payload.count % field.type.width == 0 else { return nil }
      count = payload.count / field.type.width
    }
    guard let step = field.elementsPerStep else { return nil }
    guard field.isOpen ? (step == 1 || count % step == 0) : count == step else { return nil }
    return count
  }

  /// Decodes one payload of `count` elements; false when its widths do not fill it exactly.
  @inline(__always)
  func decode(_ payload: UnsafeRawBufferPointer, _ count: Int, into target: UnsafeMutableRawPointer)
    -> Bool
  {
    guard let base = payload.baseAddress else { return count == 0 }
    guard isPacked else {
      target.copyMemory(from: base, byteCount: payload.count)
      return true
    }
    let body = (base + 4).assumingMemoryBound(to: UInt8.self)
    if field.type == .int32 {
      return dsx_unpack_i32(
        body, payload.count - 4, target.assumingMemoryBound(to: Int32.self), count) == 0
    }
    return dsx_unpack_i64(
      body, payload.count - 4, target.assumingMemoryBound(to: Int64.self), count) == 0
  }

  /// The column of all segments' rows.
  func column(_ segments: [RowSegment], _ position: Int, of blobs: Int) throws(DSXError) -> Column {
    var offsets = [0]
    offsets.reserveCapacity(segments.reduce(1) { $0 + $1.count })
    var payloads: [[UnsafeRawBufferPointer]] = []
    var total = 0
    for segment in segments {
      let found = try segment.payloads(position, of: blobs)
      for (row, payload) in found.enumerated() {
        guard let count = count(payload) else { throw wrongCount(segment, row, payload) }
        total += count
        offsets.append(total)
      }
      payloads.append(found)
    }
    // `total` is bounded by the payloads' bytes, so this allocates no more than the file justifies.
    let elements: Column.Elements =
      switch field.type {
      case .int32: .int32(try fill(total, segments, payloads, offsets))
      case .int64: .int64(try fill(total, segments, payloads, offsets))
      case .float32: .float32(try fill(total, segments, payloads, offsets))
      default: .float64(try fill(total, segments, payloads, offsets))
      }
    return Column(elements, offsets: offsets)
  }

  private func fill<Element: BitwiseCopyable>(
    _ total: Int, _ segments: [RowSegment], _ payloads: [[UnsafeRawBufferPointer]],
    _ offsets: [Int]
  ) throws(DSXError) -> [Element] {
    var failure: DSXError?
    let values = [Element](unsafeUninitializedCapacity: total) { buffer, filled in
      var at = 0
      for (segment, payloads) in zip(segments, payloads) {
        for (row, payload) in payloads.enumerated() {
          let count = offsets[at + 1] - offsets[at]
          if count > 0, let base = buffer.baseAddress {
            guard decode(payload, count, into: UnsafeMutableRawPointer(base + offsets[at])) else {
              failure = wrongWidths(segment, row, payload)
              return
            }
          }
          at += 1
        }
      }
      filled = total
    }
    if let failure { throw failure }
    return values
  }

  func wrongCount(_ segment: RowSegment, _ row: Int, _ payload: UnsafeRawBufferPointer) -> DSXError
  {
    segment.fault(
      row, segment.offset(payload),
      "the field '\(field.name)' is \(field.typeText), which its \(payload.count) bytes cannot hold: "
        + "the element count is damaged", blob: true)
  }

  func wrongWidths(_ segment: RowSegment, _ row: Int, _ payload: UnsafeRawBufferPointer)
    -> DSXError
  {
    segment.fault(
      row, segment.offset(payload),
      "the packed integers of the field '\(field.name)' do not fill their \(payload.count) bytes",
      blob: true)
  }
}
