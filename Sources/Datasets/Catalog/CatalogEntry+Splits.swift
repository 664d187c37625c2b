public import DSXCore

extension CatalogEntry {
  /// The splits of a subset, as data sets; `only` one of them. Nothing is read but the descriptor.
  ///
  /// Throws `unknownName` for a subset or split that is not there, `usage` when a subset has to be chosen
  /// (`takesDefault`: the one called `default` counts as chosen), `missingFile` for data that is not in
  /// place.
  public func splits(of subset: String?, only split: String? = nil, takesDefault: Bool = false)
    throws(DSXError) -> [MsDataset]
  {
    let chosen = try layout.subset(subset, takesDefault: takesDefault)
    try chosen.check(layout.path)
    var wanted = chosen.splits
    if let split { wanted = [try chosen.split(split, layout.path)] }
    var datasets: [MsDataset] = []
    for split in wanted { datasets.append(try MsDataset(self, chosen, split)) }
    return datasets
  }

  /// The fingerprint of this version: SHA-256 over the fingerprints of all splits whose data is in place,
  /// with their names, in order. nil when no data is in place.
  public func fingerprint(homes: Homes? = nil) throws(DSXError) -> String? {
    var text = "dsx-version-1\n"
    var count = 0
    for subset in layout.subsets {
      for split in subset.splits {
        let dataset: MsDataset
        do throws(DSXError) { dataset = try MsDataset(self, subset, split) } catch {
          guard error.code == .missingFile else { throw error }
          text += "\(subset.name)\t\(split.name)\tmissing\n"
          continue
        }
        count += 1
        text += "\(subset.name)\t\(split.name)\t" + (try dataset.fingerprint(homes: homes)) + "\n"
      }
    }
    return count == 0 ? nil : SHA256.hex(text)
  }

  /// The first lines of the card that tell the title and the licence; empty where it does not say.
  public func card() -> (title: String, licence: String) {
    let path = FilePath.join(folder, "README.md")
    guard FilePath.size(path) ?? .max < 1 << 20, let file = try? MappedFile(path: path) else {
      return ("", "")
    }
    var title = ""
    var licence = ""
    file.withBytes { bytes in
      for line in bytes.split(whereSeparator: { $0 == 0x0a || $0 == 0x0d }) {
        let text = String(decoding: line, as: UTF8.self)
        if title.isEmpty, text.hasPrefix("# ") { title = String(text.dropFirst(2)) }
        for mark in ["Licence:", "License:", "license:", "**Licence**:"]
        where licence.isEmpty && text.hasPrefix(mark) {
          licence = String(text.dropFirst(mark.count).drop { $0 == " " })
        }
        if licence.isEmpty, let place = text.range(of: "Licence: ") {
          licence = String(text[place])
        }
      }
    }
    return (title, licence)
  }
}

extension String {
  /// The text after the first place where `mark` stands; nil when it does not.
  fileprivate func range(of mark: String) -> PartialRangeFrom<String.Index>? {
    let wanted = Array(mark.utf8)
    var at = utf8.startIndex
    while at < utf8.endIndex {
      if utf8[at...].starts(with: wanted) {
        return PartialRangeFrom(utf8.index(at, offsetBy: wanted.count))
      }
      at = utf8.index(after: at)
    }
    return nil
  }
}
