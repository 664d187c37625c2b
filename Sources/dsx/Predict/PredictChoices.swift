internal import ArgumentParser
internal import Models

/// `field=column,field=column`
struct ColumnChoice: ExpressibleByArgument {
  let pairs: [(role: String, column: String)]

  init?(argument: String) {
    var pairs: [(role: String, column: String)] = []
    for part in argument.utf8.split(separator: UInt8(ascii: ","), omittingEmptySubsequences: false)
    {
      guard let sign = part.firstIndex(of: UInt8(ascii: "=")), sign > part.startIndex,
        part.index(after: sign) < part.endIndex
      else { return nil }
      let role = String(decoding: part[..<sign], as: UTF8.self)
      guard !pairs.contains(where: { $0.role == role }) else { return nil }
      pairs.append((role, String(decoding: part[part.index(after: sign)...], as: UTF8.self)))
    }
    self.pairs = pairs
  }
}

/// What is done with long texts, as an option.
enum LongChoice: String, CaseIterable, ExpressibleByArgument {
  case error
  case truncateLeft = "truncate-left"
  case truncateRight = "truncate-right"
  case window

  /// The same for the models.
  var value: LongInput {
    switch self {
    case .error: .error
    case .truncateLeft: .truncateLeft
    case .truncateRight: .truncateRight
    case .window: .window
    }
  }
}
