public import DSXCore

/// A jieba dictionary with its HMM tables, ready to cut. Immutable and shared between threads.
public final class JiebaDictionary: Sendable {
  init() {}

  /// The dictionary of jieba 0.42.1 that ships with dsx, through the cache of `homes`.
  public static func load(homes: Homes = .current()) throws(DSXError) -> JiebaDictionary {
    throw DSXError(.unsupported, "jieba is not built in yet")
  }
}
