/// The one error type of dsx: what went wrong, where, and what to do next.
///
/// Rooms throw it with typed throws; only the command line turns it into text and an exit code.
public struct DSXError: Error, Sendable {
  /// What kind of failure this is; open, so that a new code is no source break.
  public struct Code: Hashable, Sendable {
    /// The stable name that `--format json` prints.
    public let name: String
    /// The process exit code that belongs to it.
    public let exitCode: ExitCode

    /// A code of a room's own.
    public init(_ name: String, _ exitCode: ExitCode) {
      self.name = name
      self.exitCode = exitCode
    }
  }

  /// Where in the input it happened. Lines, rows and columns count from 1, bytes from 0.
  public struct Location: Hashable, Sendable {
    /// The path as the user gave it.
    public var file: String?
    /// Line number, from 1.
    public var line: Int?
    /// Row (record) number, from 0 as in the file.
    public var row: Int?
    /// Byte offset in the file, from 0.
    public var byte: Int?

    /// A place in an input.
    public init(file: String? = nil, line: Int? = nil, row: Int? = nil, byte: Int? = nil) {
      self.file = file
      self.line = line
      self.row = row
      self.byte = byte
    }
  }

  /// The kind of failure.
  public var code: Code
  /// One sentence without a full stop: what is wrong.
  public var message: String
  /// Where.
  public var location: Location
  /// What the user can do next, one sentence.
  public var hint: String?
  /// The system's or a library's own words.
  public var underlying: String?

  /// An error with everything that is known about it.
  public init(
    _ code: Code, _ message: String, file: String? = nil, line: Int? = nil, row: Int? = nil,
    byte: Int? = nil, hint: String? = nil, underlying: String? = nil
  ) {
    self.code = code
    self.message = message
    self.location = Location(file: file, line: line, row: row, byte: byte)
    self.hint = hint
    self.underlying = underlying
  }

  /// The same error with a file name, where it had none.
  public func inFile(_ path: String) -> DSXError {
    var copy = self
    if copy.location.file == nil { copy.location.file = path }
    return copy
  }
}

extension DSXError.Code {
  /// A fault of dsx itself.
  public static let `internal` = Self("internal", .internal)
  /// Wrong option or configuration.
  public static let usage = Self("usage", .usage)
  /// A data set, model, subset, metric or key that does not exist.
  public static let unknownName = Self("unknown-name", .usage)
  /// Output is there already and was made from something else.
  public static let outputExists = Self("output-exists", .usage)
  /// Input that breaks its format's rules.
  public static let malformed = Self("malformed", .badInput)
  /// Input that was damaged: a length, an offset or a checksum is wrong.
  public static let corrupt = Self("corrupt", .badInput)
  /// Valid input of a kind that dsx does not take.
  public static let unsupported = Self("unsupported", .badInput)
  /// A file that a format requires is not there.
  public static let missingFile = Self("missing-file", .badInput)
  /// No file matches, no rows, no examples.
  public static let nothingToDo = Self("nothing-to-do", .nothingToDo)
  /// Shards or examples are missing or failed.
  public static let incomplete = Self("incomplete", .incomplete)
  /// Two compared things are different.
  public static let different = Self("different", .different)
  /// The system refused a read or a write.
  public static let io = Self("io", .io)
}

extension DSXError: CustomStringConvertible {
  /// The one-line form, for tests and logs; the command line has its own layout.
  public var description: String {
    var text = code.name + ": " + message
    if let file = location.file { text += " [\(file)" + placeSuffix + "]" }
    if let underlying { text += " (\(underlying))" }
    if let hint { text += "; " + hint }
    return text
  }

  /// `, line 3, row 2, byte 17`, as far as known.
  public var placeSuffix: String {
    var text = ""
    if let line = location.line { text += ", line \(line)" }
    if let row = location.row { text += ", row \(row)" }
    if let byte = location.byte { text += ", byte \(byte)" }
    return text
  }
}
