internal import ArgumentParser

/// How the commands that read record sets treat their checksums.
struct RecordsReading: ParsableArguments {
  @Flag(
    name: .customLong("no-verify"), help: "Do not compare headers and pages with their checksums.")
  var isUnverified = false

  /// Whether checksums are compared.
  var isVerified: Bool { !isUnverified }
}
