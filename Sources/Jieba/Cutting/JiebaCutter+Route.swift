extension JiebaCutter {
  /// The best path through the dictionary's words, from the right: jieba's `calc` over its `get_DAG`.
  ///
  /// Sums are made in jieba's order, `(log(frequency) - log(total)) + rest`, and of equal scores the
  /// longer word wins. A character that begins no word counts as if it had been seen once.
  mutating func findRoute() {
    let count = codes.count - 1
    if steps.count < count { steps = Array(repeating: 0, count: max(count, steps.count * 2, 256)) }
    let units = dictionary.units
    let weights = dictionary.weights
    let unknown = dictionary.unknownWeight
    let rootBase = dictionary.rootBase
    let mask = dictionary.ringSize - 1
    codes.withUnsafeBufferPointer { codes in
      route.withUnsafeMutableBufferPointer { route in
        steps.withUnsafeMutableBufferPointer { steps in
          firsts.withUnsafeMutableBufferPointer { firsts in
            seconds.withUnsafeMutableBufferPointer { seconds in
              var next = 0.0
              route[count & mask] = 0
              var high = count
              while high > 0 {
                let low = max(0, high - Self.chunk)
                // No branch depends on what is found here, so that the reads wait for memory
                // together and not one after the other. A failed step leads to base 0, which no
                // node has.
                for index in low..<high {
                  let code = codes[index]
                  firsts[index - low] = units[rootBase + Int(code)].matching(code)
                }
                for index in low..<high {
                  let code = codes[index + 1]
                  let unit = units[firsts[index - low].base + Int(code)]
                  seconds[index - low] = unit.matching(code)
                }
                var index = high
                while index > low {
                  index -= 1
                  var best = weights[firsts[index - low].frequency] + next
                  var length = 1
                  var unit = seconds[index - low]
                  // What is no word has weight -infinity.
                  let score = weights[unit.frequency] + route[(index + 2) & mask]
                  if score >= best {
                    best = score
                    length = 2
                  }
                  var end = index + 2
                  while unit.base != 0 {
                    // Behind the run is code 0, which no unit has.
                    let code = codes[end]
                    unit = units[unit.base + Int(code)].matching(code)
                    guard unit != .none else { break }
                    end += 1
                    let score = weights[unit.frequency] + route[end & mask]
                    if score >= best {
                      best = score
                      length = end - index
                    }
                  }
                  if best == -.infinity {
                    best = unknown + next
                    length = 1
                  }
                  route[index & mask] = best
                  steps[index] = UInt16(truncatingIfNeeded: length)
                  next = best
                }
                high = low
              }
            }
          }
        }
      }
    }
  }
}
