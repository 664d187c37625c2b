internal import DSXCore

extension DSXError {
  /// The same error, cut in the middle of its message where a name in it is too long to be shown.
  var shortened: DSXError {
    guard message.utf8.count > 1000 else { return self }
    var copy = self
    copy.message = message.prefix(400) + " ... " + message.suffix(200)
    return copy
  }
}
