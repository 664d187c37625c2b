public import DSXCore

extension DSXError {
  /// Thrown by `plan` when the output was made from the same things already.
  ///
  /// `ending`: what one process ends with that finds this output; nil when it is complete. The error then
  /// has its words and its exit code: asking twice must not make a success of a failure.
  public static func alreadyMade(
    _ message: String, output: String, hint: String, ending: DSXError?
  ) -> DSXError {
    guard let ending else { return DSXError(.alreadyMade, message, file: output, hint: hint) }
    var error = ending.inFile(output)
    error.code = Code(Code.alreadyMade.name, ending.code.exitCode)
    return error
  }

  /// Whether there is nothing to plan; whatever the exit code is.
  public var isAlreadyMade: Bool { code.name == Code.alreadyMade.name }
}
