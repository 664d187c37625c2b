/// A C library that a room is linked with, as `dsx doctor` tells it.
public struct LinkedLibrary: Sendable {
  /// Its name, e.g. `libarchive`.
  public let name: String
  /// What the library in this process says of its version; nil where it says nothing.
  public let running: String?
  /// The version of the headers that dsx was built with; nil where they say nothing.
  public let built: String?
  /// Why it cannot be used; nil when it can.
  public let problem: String?

  /// A library.
  public init(_ name: String, running: String?, built: String?, problem: String? = nil) {
    self.name = name
    self.running = running
    self.built = built
    self.problem = problem
  }
}
