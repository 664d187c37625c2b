/// How documents become rows of `--seq-length` ids.
public enum PackingRule: String, CaseIterable, Sendable {
  /// The documents of each input file follow each other; every file has a tail of its own. A file is
  /// never cut into shards. PanGu-alpha's way.
  case concat
  /// The documents of a shard follow each other, from file to file: one tail a shard.
  case carry
  /// Documents stay whole where they fit: what is longer than a row is cut into rows, and the rests
  /// share rows so that as few as possible are padded.
  case bestFit = "best-fit"
  /// Every document begins a row of its own; its last row is padded.
  case pad
}
