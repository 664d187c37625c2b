/// Lengths of longest common subsequences, 64 tokens of one side at a time.
///
/// Hyyrö's bit-parallel recurrence (H. Hyyrö, Bit-parallel LCS-length computation revisited, 2004)
/// over blocks of 64 tokens of the hypothesis; additions carry from block to block. Time m n / 64,
/// memory linear.
///
/// Tokens of the hypothesis are 0..<distinct; those that only the reference has are above.
struct LongestCommonSubsequence: ~Copyable {
  private var masks = GrowingBuffer<UInt64>()
  private var carries = GrowingBuffer<UInt8>()
  private var rows = GrowingBuffer<UInt64>()

  init() {}

  /// The length for two token sequences.
  mutating func length(
    _ hypothesis: UnsafeBufferPointer<Int32>, _ reference: UnsafeBufferPointer<Int32>,
    distinct: Int
  ) -> Int {
    guard !hypothesis.isEmpty, !reference.isEmpty else { return 0 }
    masks.reserve(distinct)
    carries.reserve(reference.count)
    let (masks, carries) = (masks.base, carries.base)
    masks.update(repeating: 0, count: distinct)
    let isLong = hypothesis.count > 64
    if isLong { carries.update(repeating: 0, count: reference.count) }
    var total = 0
    for first in stride(from: 0, to: hypothesis.count, by: 64) {
      let block = UnsafeBufferPointer(
        rebasing: hypothesis[first..<min(first + 64, hypothesis.count)])
      for (bit, token) in block.enumerated() { masks[Int(token)] |= 1 << UInt64(bit) }
      var row = UInt64.max
      for (index, token) in reference.enumerated() {
        let matches = token < distinct ? row & masks[Int(token)] : 0
        if isLong {
          let (sum, carry) = row.addingReportingOverflow(matches)
          let (all, more) = sum.addingReportingOverflow(UInt64(carries[index]))
          carries[index] = carry || more ? 1 : 0
          row = all | (row & ~matches)
        } else {
          row = (row &+ matches) | (row & ~matches)
        }
      }
      let unused = block.count == 64 ? 0 : UInt64.max << UInt64(block.count)
      total += (~row & ~unused).nonzeroBitCount
      for token in block { masks[Int(token)] = 0 }
    }
    return total
  }

  /// Which way to go where two ways back are as good.
  enum Preference {
    /// One reference token back: rouge-score.
    case reference
    /// One hypothesis token back: rouge 1.0.1.
    case hypothesis
  }

  /// Calls `emit` with the places in the reference of one longest common subsequence, from the end,
  /// as read out of the full table.
  mutating func trace(
    _ hypothesis: UnsafeBufferPointer<Int32>, _ reference: UnsafeBufferPointer<Int32>,
    distinct: Int, preference: Preference, _ emit: (Int) -> Void
  ) {
    guard !hypothesis.isEmpty, !reference.isEmpty else { return }
    // Row i holds, as zero bits, where the length grows along the hypothesis for i reference
    // tokens.
    let words = (hypothesis.count + 63) / 64
    masks.reserve(distinct * words)
    rows.reserve((reference.count + 1) * words)
    let (masks, rows) = (masks.base, rows.base)
    masks.update(repeating: 0, count: distinct * words)
    for (index, token) in hypothesis.enumerated() {
      masks[Int(token) * words + index / 64] |= 1 << UInt64(index % 64)
    }
    rows.update(repeating: .max, count: words)
    for (index, token) in reference.enumerated() {
      var carry: UInt64 = 0
      for word in 0..<words {
        let row = rows[index * words + word]
        let matches = token < distinct ? row & masks[Int(token) * words + word] : 0
        let (sum, first) = row.addingReportingOverflow(matches)
        let (all, second) = sum.addingReportingOverflow(carry)
        carry = first || second ? 1 : 0
        rows[(index + 1) * words + word] = all | (row & ~matches)
      }
    }
    func grows(_ row: Int, _ column: Int) -> Int {
      rows[row * words + column / 64] >> UInt64(column % 64) & 1 == 0 ? 1 : 0
    }
    func length(_ row: Int, _ column: Int) -> Int {
      var total = 0
      for word in 0..<(column / 64) { total += (~rows[row * words + word]).nonzeroBitCount }
      if column % 64 > 0 {
        let low: UInt64 = 1 << UInt64(column % 64) - 1
        total += (~rows[row * words + column / 64] & low).nonzeroBitCount
      }
      return total
    }
    var (row, column) = (reference.count, hypothesis.count)
    var here = length(row, column)
    var above = length(row - 1, column)
    while row > 0, column > 0 {
      let left = here - grows(row, column - 1)
      let isMatch = reference[row - 1] == hypothesis[column - 1]
      if isMatch { emit(row - 1) }
      let goesBack = isMatch || (preference == .reference ? left <= above : above > left)
      if isMatch || !goesBack {
        above -= grows(row - 1, column - 1)
        column -= 1
        here = left
      }
      if goesBack {
        row -= 1
        here = above
        above = row > 0 ? length(row - 1, column) : 0
      }
    }
  }
}
