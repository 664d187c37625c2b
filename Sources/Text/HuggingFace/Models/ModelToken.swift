/// A token that a model made of a piece of text.
struct ModelToken {
  /// Its id.
  var id: Int32
  /// Where it begins in the piece, in bytes.
  var start: Int
  /// Where it ends.
  var end: Int
}
