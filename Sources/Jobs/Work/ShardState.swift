/// What is known of one shard of a step, from the files of the work folder alone.
public enum ShardState: Sendable {
  /// Its files and its manifest are there.
  case done(ShardManifest)
  /// A live process makes it; who, in its own words.
  case running(String)
  /// The last attempt ended with this error.
  case failed(String)
  /// Nobody has made it.
  case missing
}
