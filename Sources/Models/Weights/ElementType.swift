/// The element types of weight files, by the names that safetensors and GGUF give them.
///
/// The quantised types hold their elements in blocks along the last dimension
/// (`BlockQuantization`); only GGUF files have them.
public enum ElementType: String, Sendable, CaseIterable {
  /// IEEE binary64.
  case f64 = "F64"
  /// IEEE binary32.
  case f32 = "F32"
  /// IEEE binary16.
  case f16 = "F16"
  /// bfloat16: the upper half of a binary32.
  case bf16 = "BF16"
  /// Signed 64-bit integer.
  case i64 = "I64"
  /// Signed 32-bit integer.
  case i32 = "I32"
  /// Signed 16-bit integer.
  case i16 = "I16"
  /// Signed byte.
  case i8 = "I8"
  /// Unsigned 64-bit integer.
  case u64 = "U64"
  /// Unsigned 32-bit integer.
  case u32 = "U32"
  /// Unsigned 16-bit integer.
  case u16 = "U16"
  /// Unsigned byte.
  case u8 = "U8"
  /// A byte that is 0 or 1.
  case bool = "BOOL"
  /// 4 bits, blocks of 32 with a scale.
  case q40 = "Q4_0"
  /// 4 bits, blocks of 32 with a scale and a minimum.
  case q41 = "Q4_1"
  /// 5 bits, blocks of 32 with a scale.
  case q50 = "Q5_0"
  /// 5 bits, blocks of 32 with a scale and a minimum.
  case q51 = "Q5_1"
  /// 8 bits, blocks of 32 with a scale.
  case q80 = "Q8_0"
  /// 4 bits, blocks of 256 with 6-bit scales and minima.
  case q4k = "Q4_K"
  /// 5 bits, blocks of 256 with 6-bit scales and minima.
  case q5k = "Q5_K"
  /// 6 bits, blocks of 256 with 8-bit scales.
  case q6k = "Q6_K"

  /// The types whose elements stand alone, as safetensors has them.
  public static let plain = allCases.filter { !$0.isQuantised }

  /// Elements of one block; 1 for the plain types.
  public var blockElements: Int {
    switch self {
    case .q40, .q41, .q50, .q51, .q80: 32
    case .q4k, .q5k, .q6k: 256
    default: 1
    }
  }

  /// Bytes of one block: of one element for the plain types.
  public var blockBytes: Int {
    switch self {
    case .f64, .i64, .u64: 8
    case .f32, .i32, .u32: 4
    case .f16, .bf16, .i16, .u16: 2
    case .i8, .u8, .bool: 1
    case .q40: 18
    case .q41: 20
    case .q50: 22
    case .q51: 24
    case .q80: 34
    case .q4k: 144
    case .q5k: 176
    case .q6k: 210
    }
  }

  /// Whether elements come in blocks.
  public var isQuantised: Bool { blockElements > 1 }

  /// Bytes of `count` elements; nil for part of a block, a negative number, or more than 2^63 - 1.
  public func byteCount(of count: Int) -> Int? {
    guard count >= 0, count % blockElements == 0 else { return nil }
    let (bytes, overflow) = (count / blockElements).multipliedReportingOverflow(by: blockBytes)
    return overflow ? nil : bytes
  }

  /// Whether it can be read as float32 weights.
  public var isFloat: Bool {
    switch self {
    case .f64, .f32, .f16, .bf16: true
    default: isQuantised
    }
  }

  /// The name in reports: `f16`, `q41`.
  public var shortName: String { rawValue.lowercased() }
}
