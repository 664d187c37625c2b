internal import DSXCore

/// How much memory the weights of a model take while it works.
public struct MemoryNeed: Sendable, Equatable {
  /// Bytes that stay in the mapped files: F32 as it is stored.
  public var mapped: Int
  /// Bytes that are made: everything else as float32, and the packed copies of matrices.
  public var owned: Int

  /// Both together; `Int.max` where they overflow.
  public var total: Int {
    let (sum, overflow) = mapped.addingReportingOverflow(owned)
    return overflow ? .max : sum
  }

  /// What these tensors take. Linear in the number of tensors; no data is read.
  public init(_ store: TensorStore, _ type: ComputeType) {
    mapped = 0
    owned = 0
    for entry in store.files.flatMap(\.tensors) where entry.type.isFloat {
      switch entry.type {
      case .f32: mapped &+= entry.byteCount
      default: owned = Self.adding(owned, entry.count, 4)
      }
      // Matrices have a packed copy beside what they came from.
      guard entry.shape.count == 2 else { continue }
      owned = Self.adding(owned, entry.count, type == .bfloat16 ? 2 : 4)
    }
  }

  private static func adding(_ sum: Int, _ count: Int, _ bytes: Int) -> Int {
    let (product, tooMany) = count.multipliedReportingOverflow(by: bytes)
    let (total, overflow) = sum.addingReportingOverflow(product)
    return tooMany || overflow ? .max : total
  }

  /// Throws `notEnoughMemory` when the weights need more than the limit, or, without one, than the
  /// system has free.
  func check(limit: Int?, path: String) throws(DSXError) {
    if let limit {
      guard total > limit else { return }
      throw DSXError(
        .notEnoughMemory,
        "the model's weights need \(Self.text(total)), the limit is \(Self.text(limit))",
        file: path, hint: "raise --memory-limit, or use a smaller model")
    }
    guard let free = SystemMemory.available, total > free else { return }
    throw DSXError(
      .notEnoughMemory,
      "the model's weights need \(Self.text(total)), but only \(Self.text(free)) are free",
      file: path,
      hint: "end other programs, use a smaller model, or --memory-limit to try it all the same")
  }

  /// `1.3 GB`, `12 MB`, in powers of ten.
  static func text(_ bytes: Int) -> String {
    func tenths(_ unit: Int) -> String {
      let value = bytes / (unit / 10) + (bytes % (unit / 10) >= unit / 20 ? 1 : 0)
      return "\(value / 10).\(value % 10)"
    }
    if bytes >= 1_000_000_000 { return tenths(1_000_000_000) + " GB" }
    if bytes >= 1_000_000 { return tenths(1_000_000) + " MB" }
    return bytes >= 1_000 ? tenths(1_000) + " kB" : "\(bytes) bytes"
  }
}

extension DSXError.Code {
  /// The weights do not fit into memory.
  static let notEnoughMemory = Self("not-enough-memory", .badInput)
}
