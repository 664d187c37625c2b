/// The encoder's output for the sequences of one group, lent to a head.
struct HiddenRows {
  /// [rows, width]: the rows of all sequences, one after the other.
  let rows: UnsafePointer<Float>
  let width: Int
  /// The row at which each sequence begins, and the number of rows at the end.
  let starts: [Int]

  /// Number of sequences.
  var count: Int { starts.count - 1 }

  /// The first row of every sequence, one after the other.
  func firstRows() -> [Float] {
    [Float](unsafeUninitializedCapacity: count * width) { buffer, used in
      used = count * width
      guard let base = buffer.baseAddress else { return }
      for index in 0..<count {
        (base + index * width).update(from: rows + starts[index] * width, count: width)
      }
    }
  }
}

/// What is done with an encoder's output: a head of few lines.
protocol EncoderHead: Sendable {
  /// Which rows of the encoder's output it reads.
  var reads: HeadInput { get }
  /// For each sequence of a group its numbers.
  func apply(_ hidden: HiddenRows) -> [[Float]]
}

/// The rows that a head reads.
enum HeadInput: Sendable {
  /// The first row of each sequence.
  case firstRows
  case allRows
}

extension EncoderHead {
  /// `values` cut into pieces of `width` numbers for each of `rows` rows a sequence.
  static func split(_ values: [Float], width: Int, rows: [Int]) -> [[Float]] {
    var place = 0
    return rows.map { count in
      defer { place += count * width }
      return Array(values[place..<place + count * width])
    }
  }
}
