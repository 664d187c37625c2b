public import DSXCore
internal import Glibc

/// The command line of a planned job, kept in the plan's `setup` so that other processes read the same
/// options: the words behind the command, and the folder in which it was given.
public struct PlannedCommand: Hashable, Sendable {
  /// The words, without the program and the command.
  public var arguments: [String]
  /// The folder that relative paths belong to, as an absolute path.
  public var folder: String

  /// A command line that is given now, in the current folder.
  public init(arguments: [String]) {
    self.arguments = arguments
    folder = Self.currentFolder
  }

  /// Reads it. Throws `malformed` when the setup has none.
  public init(setup: JSONValue) throws(DSXError) {
    guard let folder = setup["folder"]?.string, let words = setup["arguments"]?.array else {
      throw DSXError(.malformed, "the setup of the plan has no command line")
    }
    self.folder = folder
    arguments = words.compactMap(\.string)
  }

  /// `{"folder", "arguments"}`
  public var json: JSONValue {
    ["folder": .string(folder), "arguments": .array(arguments.map { .string($0) })]
  }

  /// Goes to the folder, so that relative paths mean what they meant. Throws `io` when it is not there.
  public func enter() throws(DSXError) {
    guard chdir(folder) == 0 else {
      throw DSXError.system(
        "cannot go to the folder in which the work was planned", file: folder,
        hint: "all processes must see the inputs under the same paths")
    }
  }

  private static var currentFolder: String {
    guard let path = getcwd(nil, 0) else { return "." }
    defer { free(path) }
    return String(cString: path)
  }
}
