internal import ArgumentParser
internal import DSXCore
internal import Glibc
internal import Models

/// Starts the process: signals, the command line, and the one place where an error becomes text and an exit code.
@main
enum Main {
  static func main() {
    BLASThreads.end()
    Interrupts.install()
    do {
      let words = CommandWords.words()
      try CommandNames.check(words)
      var command = try Dsx.parseAsRoot(words)
      try command.run()
    } catch {
      finish(with: error)
    }
    Output.flush()
    exit(DSXCore.ExitCode.ok.rawValue)
  }

  private static func finish(with error: any Error) -> Never {
    if let failure = error as? DSXError {
      Output.flush()
      Output.message(ErrorText.text(for: failure))
      exit(failure.code.exitCode.rawValue)
    }
    let text = Dsx.fullMessage(for: error)
    // Help and version come as errors that mean success.
    if Dsx.exitCode(for: error) == .success {
      Output.line(text)
      Output.flush()
      exit(DSXCore.ExitCode.ok.rawValue)
    }
    Output.message(text)
    // The parser's own errors are the user's; anything else that gets here is a fault of dsx.
    let isUsage = Dsx.exitCode(for: error) == .validationFailure
    exit((isUsage ? DSXCore.ExitCode.usage : .internal).rawValue)
  }
}
