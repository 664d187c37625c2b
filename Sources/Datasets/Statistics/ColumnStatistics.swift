internal import DSXCore

/// The statistics of one column. They merge: that of a whole is that of its parts together.
struct ColumnStatistics: Sendable {
  let field: Field
  private(set) var nulls = 0
  /// Texts and byte strings and arrays without anything in them.
  private(set) var empty = 0
  private(set) var values = HashTally()
  /// The numbers; of an array all of its elements.
  private(set) var numbers: NumberSummary?
  /// Elements of the first dimension, or bytes.
  private(set) var lengths: NumberSummary?
  /// Code points of texts.
  private(set) var characters: NumberSummary?
  /// Values with their counts, while there are few of them.
  private(set) var frequent: ValueCounts?
  private(set) var images: ImageStatistics?

  init(_ field: Field) {
    self.field = field
    let isBytes = field.type == .string || field.type == .bytes
    let isLabel = if case .classLabel = field.feature { true } else { false }
    if !isBytes, field.feature != .bool, !isLabel { numbers = NumberSummary() }
    if isBytes || field.shape != nil { lengths = NumberSummary() }
    if field.type == .string { characters = NumberSummary() }
    if field.shape == nil, field.type != .bytes, field.type != .float32, field.type != .float64 {
      frequent = ValueCounts()
    }
    if field.feature == .image { images = ImageStatistics() }
  }

  mutating func add(_ column: Column, _ digest: ColumnDigest) {
    let rows = column.rows
    for row in 0..<rows {
      if column.isValid(row) { values.add(digest.hashes[row]) } else { nulls += 1 }
    }
    if let offsets = column.offsets {
      let step = max(1, field.shape?.dropFirst().reduce(1, *) ?? 1)
      for row in 0..<rows where column.isValid(row) {
        let length = (offsets[row + 1] - offsets[row]) / max(1, step)
        lengths?.add(Double(length))
        if length == 0 { empty += 1 }
      }
    }
    for count in digest.characters { characters?.add(Double(count)) }
    if numbers != nil { addNumbers(column) }
    if frequent?.counts != nil { addFrequent(column) }
    for finding in digest.images { images?.add(finding) }
  }

  private mutating func addNumbers(_ column: Column) {
    func each(_ body: (Int) -> Void) {
      for row in 0..<column.rows where column.isValid(row) {
        let range = column.offsets.map { $0[row]..<$0[row + 1] } ?? row..<row + 1
        for index in range { body(index) }
      }
    }
    var summary = numbers ?? NumberSummary()
    // Taken out while it grows: else every number would copy it.
    numbers = nil
    switch column.elements {
    case .int32(let values): each { summary.add(Double(values[$0])) }
    case .int64(let values): each { summary.add(integer: values[$0]) }
    case .float32(let values): each { summary.add(Double(values[$0])) }
    case .float64(let values): each { summary.add(values[$0]) }
    case .bytes: break
    }
    numbers = summary
  }

  private mutating func addFrequent(_ column: Column) {
    guard var counts = frequent else { return }
    // Taken out while it grows: else every value would copy it.
    frequent = nil
    for row in 0..<column.rows where column.isValid(row) {
      switch column.elements {
      case .int32(let values): counts.add(name(Int64(values[row])))
      case .int64(let values): counts.add(name(values[row]))
      case .bytes:
        if let offsets = column.offsets, offsets[row + 1] - offsets[row] > ValueCounts.longest {
          counts.giveUp()
        } else {
          counts.add(column.string(row) ?? "")
        }
      case .float32, .float64: break
      }
      guard counts.counts != nil else { break }
    }
    frequent = counts
  }

  private func name(_ value: Int64) -> String {
    switch field.feature {
    case .classLabel(let names): names.indices.contains(Int(value)) ? names[Int(value)] : "\(value)"
    case .bool: value == 0 ? "false" : "true"
    default: "\(value)"
    }
  }

  /// Whether equal values are worth telling: texts and images of which at least this share differs from
  /// each other. Labels and key words repeat by their nature.
  func isContent(_ share: Double = 0.5) -> Bool {
    guard Double(values.distinct) >= share * Double(max(1, values.total)) else { return false }
    switch field.feature {
    case .image: return true
    case .plain, .json, .list: return field.type == .string
    default: return false
    }
  }

  mutating func merge(_ other: ColumnStatistics) {
    nulls += other.nulls
    empty += other.empty
    values.merge(other.values)
    if let more = other.numbers { numbers?.merge(more) }
    if let more = other.lengths { lengths?.merge(more) }
    if let more = other.characters { characters?.merge(more) }
    if let more = other.frequent { frequent?.merge(more) }
    if let more = other.images { images?.merge(more) }
  }
}

/// The statistics of a column of encoded images.
struct ImageStatistics: Sendable {
  /// Bad images whose reasons are kept.
  static let reasons = 10

  private(set) var widths = NumberSummary()
  private(set) var heights = NumberSummary()
  private(set) var sizes = ValueCounts()
  private(set) var modes = ValueCounts()
  private(set) var turned = 0
  private(set) var bad = 0
  private(set) var faults: [(row: Int, reason: String)] = []
  private(set) var thumbnails: [(row: Int, png: [UInt8])] = []

  mutating func add(_ finding: ImageProbe.Finding) {
    if let info = finding.info {
      let (width, height) = finding.size
      widths.add(Double(width))
      heights.add(Double(height))
      sizes.add("\(width) x \(height)")
      modes.add("\(info.format.rawValue) \(info.colour.rawValue) \(info.bits) bit")
      if info.orientation != 1 { turned += 1 }
    }
    if let fault = finding.fault {
      bad += 1
      if faults.count < Self.reasons { faults.append((finding.row, fault)) }
    }
    if let png = finding.thumbnail, thumbnails.count < ImageProbe.pictures {
      thumbnails.append((finding.row, png))
    }
  }

  mutating func merge(_ other: ImageStatistics) {
    widths.merge(other.widths)
    heights.merge(other.heights)
    sizes.merge(other.sizes)
    modes.merge(other.modes)
    turned += other.turned
    bad += other.bad
    faults = Array((faults + other.faults).prefix(Self.reasons))
    thumbnails = Array((thumbnails + other.thumbnails).prefix(ImageProbe.pictures))
  }
}
