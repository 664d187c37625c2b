/// Numbers for the different frequencies of a dictionary; 0 is no word.
struct FrequencyNumbers {
  /// The frequencies in the order of their numbers.
  private(set) var values: [UInt64] = [0]
  /// Numbers of the small frequencies, which most words have; 0 is none yet.
  private var small = [Int32](repeating: 0, count: 1 << 12)
  private var large: [UInt64: Int32] = [:]

  /// No numbers but 0.
  init(_ frequencies: [UInt64]) { values.reserveCapacity(min(frequencies.count, 1 << 14)) }

  /// The numbers of an image.
  init(values: [UInt64]) {
    self.values = values
    for (index, value) in values.enumerated().dropFirst() {
      if value < UInt64(small.count) {
        small[Int(value)] = Int32(index)
      } else {
        large[value] = Int32(index)
      }
    }
  }

  /// The number of a frequency, a new one when it has none.
  mutating func number(of frequency: UInt64) -> Int {
    if frequency == 0 { return 0 }
    let isSmall = frequency < UInt64(small.count)
    let known = isSmall ? small[Int(frequency)] : large[frequency, default: 0]
    if known > 0 { return Int(known) }
    let number = Int32(values.count)
    values.append(frequency)
    if isSmall { small[Int(frequency)] = number } else { large[frequency] = number }
    return Int(number)
  }
}
