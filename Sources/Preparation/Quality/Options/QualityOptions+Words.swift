public import DSXCore

extension QualityOptions {
  /// Reads `--quality`: `length,symbols:bullets=0.8:ellipses=off,...`. Naming a stage switches its rules
  /// on with their defaults. Throws `usage` for unknown stages, keys and values.
  public mutating func addFilters(_ text: String) throws(DSXError) {
    for words in try QualityWords.parse(text, option: "--quality") {
      guard let stage = QualityStageName(rawValue: words.name) else {
        throw DSXError.unknown(
          "quality stage", words.name, known: QualityStageName.allCases.map(\.rawValue))
      }
      let rules = QualityRule.rules(of: stage)
      for rule in rules { limits[rule] = rule.entry.limit }
      for (key, value) in words.pairs {
        if stage == .script, key == "keep" {
          keepScripts = try Self.scripts(QualityWords.split(value, 0x2b))
          continue
        }
        if stage == .repetition, key == "from-units" {
          ngramUnits = try QualityWords.integer(
            value, 0...(1 << 40), "--quality repetition:from-units")
          continue
        }
        guard let rule = rules.first(where: { $0.entry.key == key }) else {
          let more = stage == .script ? ["keep"] : stage == .repetition ? ["from-units"] : []
          throw DSXError.unknown(
            "key of --quality \(stage.rawValue)", key, known: rules.map(\.entry.key) + more)
        }
        limits[rule] =
          value == "off"
          ? nil : try QualityWords.number(value, "--quality \(stage.rawValue):\(key)")
      }
    }
  }

  /// Reads `--keep-scripts` (`Han,Latin`) and `--min-script-share`; switches the stage `script` on.
  public mutating func addScripts(_ text: String?, minimumShare: Double?) throws(DSXError) {
    guard text != nil || minimumShare != nil else { return }
    if let text { keepScripts = try Self.scripts(QualityWords.split(text, 0x2c)) }
    limits[.minScriptShare] =
      minimumShare ?? limits[.minScriptShare] ?? QualityRule.minScriptShare.entry.limit
  }

  /// Reads `--dedup`: `exact`, `minhash:ngram=5:buckets=14:hashes=8:verify=0.8:seed=1`, or both.
  public mutating func addDuplicates(_ text: String) throws(DSXError) {
    for words in try QualityWords.parse(text, option: "--dedup") {
      switch words.name {
      case "exact":
        guard words.pairs.isEmpty else {
          throw DSXError(.usage, "--dedup exact has no keys, but '\(words.pairs[0].key)' is given")
        }
        dropsExactDuplicates = true
      case "minhash":
        var parameters = MinHashParameters()
        for (key, value) in words.pairs {
          let what = "--dedup minhash:\(key)"
          switch key {
          case "ngram": parameters.ngram = try QualityWords.integer(value, 1...64, what)
          case "buckets": parameters.buckets = try QualityWords.integer(value, 1...256, what)
          case "hashes": parameters.hashes = try QualityWords.integer(value, 1...64, what)
          case "seed": parameters.seed = UInt64(try QualityWords.integer(value, 0...Int.max, what))
          case "verify": parameters.verify = try QualityWords.number(value, what)
          default:
            throw DSXError.unknown(
              "key of --dedup minhash", key,
              known: ["ngram", "buckets", "hashes", "verify", "seed"])
          }
        }
        minHash = parameters
      default:
        throw DSXError.unknown("kind of --dedup", words.name, known: ["exact", "minhash"])
      }
    }
  }

  private static func scripts(_ names: [String]) throws(DSXError) -> [Script] {
    var scripts: [Script] = []
    for name in names {
      guard let script = Script.writing.first(where: { $0.rawValue == name.lowercased() }) else {
        throw DSXError.unknown("script", name, known: Script.writing.map(\.rawValue))
      }
      if !scripts.contains(script) { scripts.append(script) }
    }
    return Script.writing.filter { scripts.contains($0) }
  }

  /// Throws `usage` for values that cannot be kept.
  func check() throws(DSXError) {
    for rule in QualityRule.allCases {
      guard let limit = limits[rule] else { continue }
      guard rule.entry.stage != nil, limit.isFinite, limit >= 0 else {
        throw DSXError(.usage, "the limit of '\(rule.name)' is no number that is not negative")
      }
    }
    guard !keepScripts.isEmpty else { throw DSXError(.usage, "--keep-scripts names no script") }
    guard (1...1000).contains(contaminationWords) else {
      throw DSXError(
        .usage, "--decontaminate-ngram must be 1 to 1000, not \(contaminationWords)")
    }
    if let minHash {
      guard (1...64).contains(minHash.ngram), (1...256).contains(minHash.buckets),
        (1...64).contains(minHash.hashes), (0...1).contains(minHash.verify ?? 0)
      else { throw DSXError(.usage, "a value of --dedup minhash is out of range") }
    }
  }
}
