internal import ArgumentParser
internal import Models

/// What weights are multiplied in, as an option.
enum NumberType: String, CaseIterable, ExpressibleByArgument {
  case f32, bf16

  /// The same for the models.
  var computeType: ComputeType { self == .f32 ? .float32 : .bfloat16 }
}

/// A number of bytes, as an option: `4GB`, `500MB`, `1.5GiB`, or plain bytes.
struct ByteSize: ExpressibleByArgument, CustomStringConvertible {
  let bytes: Int

  init(bytes: Int) { self.bytes = bytes }

  init?(argument: String) {
    let units: [(String, Double)] = [
      ("kib", 1024), ("mib", 1_048_576), ("gib", 1_073_741_824), ("kb", 1e3), ("mb", 1e6),
      ("gb", 1e9), ("k", 1e3), ("m", 1e6), ("g", 1e9), ("b", 1), ("", 1),
    ]
    let text = argument.lowercased()
    guard let (unit, factor) = units.first(where: { text.hasSuffix($0.0) }),
      let number = Double(text.dropLast(unit.count)), number > 0, number * factor < 9e18
    else { return nil }
    bytes = Int(number * factor)
  }

  /// `1.3 GB`, in powers of ten.
  var description: String {
    for (unit, size) in [("GB", 1e9), ("MB", 1e6), ("kB", 1e3)] where Double(bytes) >= size {
      return ProgressLine.decimal(Double(bytes) / size, 1) + " " + unit
    }
    return "\(bytes) bytes"
  }
}
